"""How brands' own accounts are called: what they write is nobody's customer's."""

from __future__ import annotations

from data.study import Study

#: With a brand's name or alias in the place of the braces.
OWN_ACCOUNTS = (
    "{}", "{} Official", "{} Việt Nam", "{} Vietnam", "{} VN", "{} Shop", "{} Store", "Shop {}", "Admin {}",
    "{} OA", "OA {}", "{} Official Account", "{} CSKH", "CSKH {}",
)  # fmt: skip


def own_accounts(study: Study) -> frozenset[str]:
    """The names that the accounts of a study's brands may have, in lower case."""
    return frozenset(
        form.format(name).casefold() for brand in study.brands for name in brand.names for form in OWN_ACCOUNTS
    )
