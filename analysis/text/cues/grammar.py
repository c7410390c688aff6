"""The small words of each language that the cue rules look at: who speaks, denying, counting, asking.

Words that carry meaning for marketing lie in the lexicons; these are grammar, and the rules fall without them.
"""

from __future__ import annotations

from dataclasses import dataclass

Words = frozenset[str]


def words(text: str) -> Words:
    """The words of ``text`` as a set."""
    return frozenset(text.split())


#: What is told to be so many years old and is nobody's child: "my 5 year old phone".
THINGS_AGED = words(
    "house home car cars phone phones hotel company dog cat building lab laptop mattress truck bike roof fridge washer puppy kitten"
    " iphone android smartphone tablet ipad macbook mac pc computer desktop tv television monitor printer router camera headphones"
    " earbuds watch smartwatch console oven stove dishwasher dryer freezer microwave vacuum couch sofa bed pillow shoes boots jacket"
    " backpack bag van suv scooter motorbike motorcycle ebike tires battery boiler furnace heater ac apartment condo account system"
    " device machine model unit stroller crib"
)
#: Words between the age and the thing: "my 5 year old gaming laptop".
KINDS_OF_THING = words(
    "gaming work gas electric android windows samsung apple dell hp lenovo toyota honda smart washing"
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language's small words, all as normal forms."""

    lang: str
    #: The author, as subject of a clause.
    selves: Words
    #: Words that deny what comes after them.
    negators: Words
    #: Before the author's pronoun these make it a possessor or a receiver, no subject.
    possessing: Words
    #: Before a noun for a person these make it what somebody is, no subject.
    being: Words
    #: Words that may stand between a person and what is said of them.
    fillers: Words
    numbers: dict[str, int]
    #: Where an open-ended phrase (an occupation, a wish) ends.
    stops: Words


_VI = Grammar(
    lang="vi",
    selves=words("mình em tôi tớ anh chị tao tui bác cô mị"),
    negators=words("không chưa chẳng chả đừng đéo éo đếch chớ hết khỏi"),
    possessing=words("của cho giúp giùm dùm hộ với như"),
    being=words("là làm như dân nghề thành ngành học"),
    fillers=words(
        "được đã giờ mới hơn gần tầm khoảng nay là thì đang tròn hiện sắp cũng rồi , ( : - năm bây cỡ chừng độ có đều mình"
        " em nhà và bước sang tuổi ở nhỏ lớn này nữa vừa nó cháu thôi con bé được_"
    ),
    numbers={
        "một": 1,
        "hai": 2,
        "ba": 3,
        "bốn": 4,
        "tư": 4,
        "năm": 5,
        "sáu": 6,
        "bảy": 7,
        "bẩy": 7,
        "tám": 8,
        "chín": 9,
        "mười": 10,
    },
    stops=words(
        "ở tại cho nên thì mà rồi lương được có bị hơn đã đang cũng nhưng với và hay hoặc mình em tôi tớ anh chị tui thấy"
        " là này đó kia nữa lắm quá ạ nha nhé nè nhỉ à ơi từ đến tới về vào ra lên xuống trong ngoài giờ nay hôm tháng tuần"
        " ngày sao gì nào đâu ai không chưa chẳng chả chỉ mới vẫn còn lại đi luôn thôi vì do khi lúc trước sau như bằng hồi"
        " để cần muốn xong nhà tụi bọn nó họ xin hỏi mua dùng xài bên vừa toàn đều nhiều ít sẽ phải thu tầm khoảng suốt cả"
        " nghỉ thất tối sáng chiều gom"
    ),
)

_EN = Grammar(
    lang="en",
    selves=words("i i'm im i've i'd i'll we we're we've we'll we'd"),
    negators=words(
        "not no never don't doesn't didn't isn't aren't wasn't weren't won't can't cannot wouldn't haven't hasn't without"
        " ain't nor"
    ),
    possessing=words("of for to with from by me"),
    being=words("as be being become becoming am i'm im"),
    fillers=words(
        "is are am was just now about almost nearly turned turns turning , ( : - only already still who and an be being"
        " i'm im"
    ),
    numbers={
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
        "eleven": 11,
        "twelve": 12,
        "a": 1,
        "an": 1,
    },
    stops=words(
        "and or but so because i we he she they you it is are was were am in at on for with from to of my our your the"
        " that this which who when while if then there here not no have has had do does did as by than since now too also"
        " just be been will would can could should about before after until into over up down out off lol haha though"
        " although plus except his her their its i'm i've we're"
    ),
)

GRAMMARS = {"vi": _VI, "en": _EN}
