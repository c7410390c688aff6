"""What a page claims: promises to its customers, proofs that it is believed, and whom it speaks to. All quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

from crawler.blocks import Block, hint
from crawler.engines.document import Document
from crawler.landing.deliveries import delivered
from crawler.landing.effects import effect, without_exclusions
from crawler.landing.free import is_free
from crawler.landing.quoting import clauses, clean, distinct
from crawler.lexicons import finder, terms, tokens
from data.relief import relieved, without_hours

MOST: Final = 60
_WORDS: Final = 28
_COUNT = re.compile(
    r"\d{1,3}(?:[.,]\d{3}){1,4}|\d{3}|\d[\d.,]{0,15}\s?(?:\+|k\b|m\b|triệu|nghìn|ngàn|vạn|million|billion|thousand)|\d\s?%"
    r"|(?:hàng|thousands|hundreds|millions)\s+(?:nghìn|ngàn|triệu|trăm|of)|hơn\s\d|over\s\d|more than\s\d|\d\s?\+",
    re.I,
)
_SINCE = re.compile(r"(?:since|từ năm|thành lập năm|established in|founded in) (?:19|20)\d\d(?!\d)")
_FIGURE = re.compile(r"(?:hơn |over )?\d[\d.,]{0,15}\s?(?:k|m|triệu|nghìn|ngàn|million|%)?\s?\+?", re.I)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
#: Kinds of proof that are none without their number.
_COUNTED: Final = frozenset(("people", "rating", "years", "count"))
#: So many words beside each logo; more are somebody's words beside their portrait.
_WORDS_BESIDE: Final = 5
_LOGO_WORDS: Final = frozenset(("logo", "image", "img", "icon", "banner", "photo", "picture", "ảnh", "hình"))


#: The title of a policy, or of a plan.
_TITLE = re.compile(
    r"(?:chính sách|quy định|điều khoản|hướng dẫn|policy)(?: [^\W\d_]{1,12}){1,5}|gói(?: (?!miễn|giảm)[^\W\d_]{1,12}){1,3}"
    r"|(?:returns?|shipping|refund) policy"
    r"|(?:lời |các )?cam kết(?: (?:của|từ)(?: [^\s:,.!?]{1,20}){1,4})?"
    r"|(?:các )?(?:ưu đãi|khuyến mãi)(?: (?:tháng(?: này| \d{1,2})?|tuần này|hôm nay|mới|đặc biệt|khác)){0,2}"
    r"|hỗ trợ(?: khách hàng)?|giá (?:gốc|bán|sỉ|lẻ)"
    r"|our (?:promise|commitment|guarantee|values)|customer (?:support|service)",
    re.I,
)
#: A clock that runs down, and a code of this visit.
_NO_PROMISE = re.compile(r"\d{1,2}:\d\d:\d\d|^mã (?:bảo mật|xác nhận|xác thực|phiên)(?!\w)", re.I)
#: “Chúng tôi phục vụ các mẹ bỉm” says whom, not how well.
_SERVED = re.compile(r"(?<!\w)phục vụ\s(?=(?:cho |các |những |quý |mọi |mẹ |khách ))", re.I)
#: Whoever vouches for something or takes it off others' shoulders promises that first.
_VOUCHED = re.compile(
    r"(?<!\w)(?:cam kết|đảm bảo|bảo đảm|giúp|không (?:phải )?lo|không cần|no more|never worry)(?!\w)", re.I
)
#: Whoever is not happy vouches for nothing.
_UNHAPPY = re.compile(r"(?:không|chưa|ko) hài lòng|(?:not|aren['’]t|isn['’]t) (?:\w{1,12} )?(?:happy|satisfied)", re.I)
_FREE_OF = re.compile(r"(?<!\w)[a-z]{2,20}-free(?!\w)", re.I)
_PERCENT = re.compile(r"\d{1,3}\s?%")
#: A prize that is called like a promise.
_PRIZE = re.compile(r"hàng việt nam chất lượng cao", re.I)
#: The stars of one review, which speak of no brand.
_ONE_REVIEW = re.compile(
    r"(?:rated|được xếp hạng)\s[\d.,]{1,5}\s?(?:out of|trên|/)?\s?5(?:[.,]0+)?(?:\s?(?:stars?|sao))?\.?", re.I
)


class Claim(NamedTuple):
    """A quoted clause and its code: for a promise, the pain category of the codebook that it answers."""

    text: str
    code: str


def own_words(found: Iterable[Block]) -> Iterator[Block]:
    """The blocks in which the page speaks for itself: no menus, reviews, forms, cookies, legal lines."""
    never = hint(
        "nav",
        "menu",
        "breadcrumb",
        "cookie",
        "reviews",
        "testimonial",
        "legal",
        "account",
        "locale",
        "search",
        "cart",
        "pages",
    )
    titles = hint("heading", "subheading")
    for block in found:
        if block.tag == "th":
            continue
        if not block.hints & never and (block.linked < block.words or block.near & titles):
            yield block


@lru_cache(maxsize=2_000)
def words_of(clause: str) -> list[str]:
    """The words of a clause in lower case; several readers ask for them."""
    return tokens(clause.lower())


def _without_free(text: str) -> str:
    """``text`` with no “plastic-free” left that is no term: what is free of something has no price."""
    known = finder("promises")
    return _FREE_OF.sub(lambda match: match[0] if set(known.codes(words_of(match[0]))) - {"price"} else " ", text)


def is_title(clause: str) -> bool:
    """Whether a clause is the title of a policy or the name of a plan, and no promise: “Chính sách đổi trả”, “Gói Tặng kèm”."""
    return _TITLE.fullmatch(clause) is not None


def promises(found: list[Block]) -> tuple[Claim, ...]:
    """What the page promises: short clauses with a term of ``promises.tsv``, a trouble denied, or an effect and its number,
    each with the pain it answers. What the seller rules out is none."""
    terms_of = finder("promises")
    claims: dict[str, Claim] = {}
    for block in own_words(found):
        for clause in clauses(block.text):
            words = clause.count(" ") + 1
            if (
                not 2 <= words <= _WORDS
                or clause.endswith("?")
                or _NO_PROMISE.search(clause)
                or is_title(clause)
                or is_free(clause)
            ):
                continue
            offered = without_exclusions(clause)
            told = _without_free(without_hours(_PRIZE.sub(" ", _SERVED.sub(" ", offered))))
            vouched, codes = terms_of.codes(words_of(told)), terms_of.codes(words_of(_VOUCHED.sub(" ", told)))
            if delivered(offered) and codes[:1] != ["delivery"]:
                # “Giao máy tận nhà và lắp đặt miễn phí” answers first whoever waited for a parcel.
                codes = ["delivery", *codes]
            if code := next(iter([*codes, *relieved(offered)]), None) or effect(offered) or next(iter(vouched), None):
                claims.setdefault(clause.casefold(), Claim(clean(clause), code))
        if len(claims) >= MOST:
            break
    return tuple(claims.values())[:MOST]


def proofs(found: list[Block], logos: Iterable[str]) -> tuple[str, ...]:
    """Why the page may be believed: counts of customers, ratings, certificates, awards, press, and logos by their text."""
    said: list[str] = []
    never = hint("nav", "menu", "cookie", "account", "locale", "search", "cart", "related", "pages", "price")
    told = -1
    for i, block in enumerate(found):
        if block.hints & never or block.words > 60 or i == told:
            continue
        for clause in clauses(block.text):
            text = clause
            if _FIGURE.fullmatch(clause) and i + 1 < len(found) and found[i + 1].words <= 8:
                text, told = f"{clause} {found[i + 1].text}", i + 1
            if 2 <= text.count(" ") + 1 <= _WORDS and _proves(text) and not _only_heads(block, text):
                said.append(clean(text))
    return distinct([*said, *logos], MOST)


def _only_heads(block: Block, text: str) -> bool:
    """Whether words are the heading above logos (“Tin tưởng bởi”) and tell nothing of their own."""
    if block.tag not in ("h2", "h3", "h4", "h5") or text.count(" ") > 3 or _DIGIT.search(text):
        return False
    return bool(finder("logos").codes(words_of(text)))


def _proves(text: str) -> bool:
    low = text[:400].lower()
    if _ONE_REVIEW.fullmatch(low):
        return False
    kinds = set(proof_kinds(low))
    if any(code.startswith(("guarantee.", "discount.")) for code in finder("sale_terms").codes(tokens(low))):
        # “Hoàn tiền 100% nếu khách hàng không thích” and “chiết khấu 25% cho đại lý” count no customers.
        low = _PERCENT.sub(" ", low)
    if "prize" in kinds and _YEAR.search(low):
        return True
    if kinds - _COUNTED - {"prize"} or _SINCE.search(low):
        return True
    return (bool(kinds & {"people", "count"}) and _COUNT.search(low) is not None) or (
        bool(kinds & {"rating", "years"}) and _DIGIT.search(low) is not None
    )


def proof_kinds(text: str) -> list[str]:
    """What kinds of proof stand in ``text``, in order."""
    return list(dict.fromkeys(finder("proofs").codes(tokens(_UNHAPPY.sub(" ", text[:400].lower())))))


def counted(text: str) -> bool:
    """Whether ``text`` holds a number that counts."""
    return _DIGIT.search(text[:400]) is not None


def logos(doc: Document) -> list[str]:
    """The texts of images that stand among partners', clients', press or award logos."""
    found: list[str] = []
    for image in doc.tree.iter("img"):
        alt = clean(image.get("alt"), 80)
        if len(alt) < 2 or len(found) >= MOST:
            continue
        if _among_logos(image) and set(alt.lower().split()) - _LOGO_WORDS:
            found.append(alt)
    return found


def _among_logos(image: Any) -> bool:
    for near in islice(image.itersiblings(preceding=True), 30):
        if near.tag in ("h2", "h3", "h4", "h5"):
            return _heads_logos(near, image)
        if near.tag not in ("img", "a", "picture", "br"):
            break
    for above in list(image.iterancestors())[:5]:
        if above.tag in ("header", "footer", "nav", "body"):
            return False
        marks = f"{above.get('class') or ''} {above.get('id') or ''}".lower()
        if any(
            word in marks
            for word in (
                "partner",
                "client",
                "customer-logo",
                "press",
                "award",
                "certif",
                "trusted",
                "as-seen",
                "doi-tac",
                "chung-nhan",
                "bao-chi",
            )
        ):
            return True
        # A row of images right below a heading “Đối tác”.
        for near in islice(above.itersiblings(preceding=True), 2):
            if near.tag in ("h2", "h3", "h4", "h5"):
                return _heads_logos(near, image)
    return False


def _heads_logos(heading: Any, image: Any) -> bool:
    """Whether a heading speaks of partners or clients, and what is below shows their signs: few words beside the images."""
    said = tokens(" ".join(heading.text_content()[:80].split()).lower())
    if not finder("logos").codes(said):
        return False
    here = image
    while here.getparent() is not None and heading not in here.itersiblings(preceding=True):
        here = here.getparent()
    images = sum(1 for _ in here.iter("img")) or 1
    return here is image or len(here.text_content().split()) <= _WORDS_BESIDE * images


@cache
def _addressed() -> tuple[re.Pattern[str], ...]:
    """Phrases that name an audience: after a trigger; after a bare "for"; after it at once, by an exact noun; and the nouns."""
    groups: dict[str, list[str]] = {"trigger": [], "for": [], "noun": []}
    for term in terms("audiences"):
        groups[term.code].append(re.escape(term.term))
    triggers, bare, nouns = ("|".join(groups[name]) for name in ("trigger", "for", "noun"))
    phrase = r"(?:[^.!?;:|()\n\"“”]|(?<=\d)\.(?=\d)){2,160}"
    return (
        re.compile(rf"(?<!\w)(?:(?:{triggers})|(?:{_LABELS}):)\s+{phrase}"),
        re.compile(rf"(?<!\w)(?:{bare})\s+(?:[\w-]+\s+){{0,3}}?(?:{nouns})(?!\w)[^.!?;:|()\n–—]{{0,40}}"),
        re.compile(rf"(?<!\w)(?:{bare})\s+(?:[\w-]+\s)?(?!{_VAGUE})(?:{nouns})(?!\w)[^.!?;:|()\n–—]{{0,40}}"),
        re.compile(rf"(?<!\w)(?:{nouns})(?!\w)"),
    )


#: Before a colon these name an audience as well.
_LABELS: Final = (
    r"đối tượng(?: (?:khách hàng|phục vụ|sử dụng|áp dụng|học viên|tham gia))?|khách hàng mục tiêu"
    r"|who it is for|target audience|audience"
)
_VAGUE: Final = r"(?:customers|people|everyone|teams?|khách hàng|con|bé|nam|nữ|individuals|sales|finance)(?!\w)"
#: Where an addressed phrase ends: a verb or a new thought follows.
_STOPS = re.compile(
    r",? (?:để|giúp|với (?!con)|khi|mà|vì|nên|là|được|đã|đang|sẽ|có thể|tại|từ(?!\s\d)|trong|ngay|nhờ|theo|và(?= (?:cần|muốn|có|không))"
    r"|who|that|which|to(?!\s\d)|so|because|when|while|from(?!\s\d)|at|by|in|on|is|are|and(?= (?:we|you|it))|we|our|you|your)(?!\w)"
    r"|\s[–—-]\s(?!\d)|(?<!\d)\s[–—-]\s"
)
#: What is given to somebody names no audience: “thời gian dành cho bé là vàng”.
#: “Dễ dùng cho cả ông bà”, “even for beginners”: these can use it, too; whom it is for is not said.
_EVEN = re.compile(
    r"(?:dành )?cho (?:cả|đến cả|ngay cả) (?!nhà\b|gia đình\b|họ\b)(?!.*\b(?:và|lẫn|hay)\b)|even for\b", re.I
)
_GIVEN = re.compile(r"(?:thời gian|tình yêu|tình cảm|yêu thương|khoảnh khắc|time|love)\s(?:dành\s)?$")
#: Somebody does or gets something: “cho bé ngủ ngon” is a purpose.
_DOES = re.compile(
    r"cho (?:các |cả )?(?:bé(?: yêu)?|em bé|con(?: yêu)?|trẻ|mẹ|bạn|gia đình)\s(?:ngủ|ăn|chơi|học|lớn|cao|khỏe|khoẻ|phát triển|thông minh"
    r"|mau|luôn|hết|không|khô|vui|tự tin|thoải mái|yên tâm|an tâm|thêm|được|cảm giác|làn da|giấc)(?!\w)"
)
_COMMA = re.compile(r",\s*")
_LONGEST_PHRASE: Final = 18


def audiences(found: list[Block]) -> tuple[str, ...]:
    """The phrases with which the page says whom it is for (``dành cho mẹ bỉm``, ``for small clinics``), as quoted."""
    told, bare, strict, noun = _addressed()
    said: list[str] = []
    headed = hint("heading", "subheading", "hero", "title")
    for block in own_words(found):
        text = block.text[:1_000]
        low = text.lower()
        if len(low) != len(text):
            continue
        loose = block.hints & headed or block.words <= 14
        first = list(_phrases(told, low, noun))
        others = _phrases(bare if loose else strict, low, noun)
        inside = [(at, at + len(phrase)) for at, phrase in first]
        first += [other for other in others if not any(start <= other[0] < end for start, end in inside)]
        said += [clean(text[at : at + len(phrase)], 160) for at, phrase in first]
        if len(said) > 4 * MOST:
            break
    return _longest(said)


def _phrases(pattern: re.Pattern[str], low: str, noun: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Where ``low`` names audiences, and the phrases. The next is looked for where the last was cut: "for A, for B"."""
    at = 0
    while match := pattern.search(low, at):
        phrase = _cut(match[0], noun)
        named = noun.search(phrase)
        given = _GIVEN.search(low[max(0, match.start() - 30) : match.start()])
        if (
            named
            and not given
            and not _EVEN.match(phrase)
            and not _DOES.match(low, match.start())
            and not _DIGIT.search(phrase[: min(named.start(), 16)])
        ):
            yield match.start(), phrase
        at = match.start() + max(len(phrase), 1)


def _cut(phrase: str, noun: re.Pattern[str]) -> str:
    """``phrase`` up to where another thought begins; after a comma only further audiences count. A long one ends at a comma,
    or after ten words."""
    first = phrase.find(" ") + 1
    stop = _STOPS.search(phrase, first + 8) if len(phrase) > first + 8 else None
    phrase = phrase[: stop.start()] if stop else phrase
    for comma in _COMMA.finditer(phrase):
        if not noun.match(phrase, comma.end()):
            phrase = phrase[: comma.start()]
            break
    ends = [match.end() for match in re.finditer(r"\S+", phrase)]
    if len(ends) > _LONGEST_PHRASE:
        comma_at = phrase.rfind(",", 0, ends[_LONGEST_PHRASE - 1] + 1)
        phrase = phrase[: comma_at if comma_at > ends[3] else ends[9]]
    return phrase.rstrip(" ,-–—")


def _longest(said: list[str]) -> tuple[str, ...]:
    """Each phrase once; one that is only part of another is left out."""
    kept = distinct(said, MOST * 2)
    folded = [phrase.casefold() for phrase in kept]
    return tuple(
        phrase
        for phrase, low in zip(kept, folded, strict=True)
        if not any(low != other and low in other for other in folded)
    )[:MOST]
