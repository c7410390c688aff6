"""The codebook: names of attributes, kinds, categories and channels. Nothing else may be written into the store."""

from __future__ import annotations

from typing import Final

WHO: Final = ("self", "partner", "child", "parent", "family", "friend", "customer", "organisation", "other")

#: Whose attributes count towards an author's profile.
PROFILE_WHO: Final = ("self", "family")

#: Attribute → the part of the customer portrait it belongs to.
ATTRIBUTES: Final[dict[str, str]] = {
    "age": "demographics",
    "gender": "demographics",
    "occupation": "demographics",
    "education": "demographics",
    "income": "ability_to_pay",
    "budget": "ability_to_pay",
    "price_sensitivity": "ability_to_pay",
    "location": "demographics",
    "marital_status": "relationships",
    "children": "relationships",
    "child_age": "relationships",
    "height_cm": "body",
    "weight_kg": "body",
    "interest": "psychology",
    "goal": "goals_values",
    "value": "goals_values",
    "channel": "information",
    "behaviour": "behaviour",
    "effort": "behaviour",
    "customer_type": "who_buys",
    "purchase_role": "who_buys",
}

#: Read only where the study asks for them (``privacy.sensitive: true``).
SENSITIVE: Final = ("height_cm", "weight_kg")

#: Attributes with a closed list of values. ``child_age``, ``age``, ``children`` and amounts have formats instead.
VALUES: Final[dict[str, tuple[str, ...]]] = {
    "gender": ("female", "male", "other"),
    "education": ("below_high_school", "high_school", "vocational", "bachelor", "postgraduate", "student"),
    "price_sensitivity": ("high", "low"),
    "marital_status": ("single", "dating", "married", "separated", "widowed"),
    "value": (
        "price",
        "durability",
        "safety",
        "natural",
        "brand",
        "convenience",
        "status",
        "family",
        "service",
        "design",
        "performance",
    ),
    "behaviour": (
        "first_time_buyer",
        "repeat_buyer",
        "switching_from",
        "switching_to",
        "comparing",
        "ready_to_buy",
        "researching",
        "heavy_user",
        "tried_before",
        "recommends",
        "discourages",
    ),
    "customer_type": ("person", "organisation"),
    "purchase_role": ("decider", "buyer", "user", "influencer", "gatekeeper"),
    "channel": (
        "facebook",
        "facebook_group",
        "zalo",
        "tiktok",
        "youtube",
        "instagram",
        "threads",
        "x",
        "telegram",
        "reddit",
        "forum",
        "google",
        "blog_news",
        "email",
        "shopee",
        "lazada",
        "tiki",
        "tiktok_shop",
        "amazon",
        "own_website",
        "app",
        "tv_radio",
        "event",
        "store",
        "supermarket",
        "pharmacy",
        "word_of_mouth",
        "doctor_expert",
        "other",
    ),
}

OCCUPATION_GROUPS: Final = (
    "student",
    "office",
    "sales",
    "service_worker",
    "factory_worker",
    "driver",
    "farmer",
    "teacher",
    "health",
    "engineer_it",
    "technician",
    "business_owner",
    "online_seller",
    "freelancer",
    "manager",
    "civil_servant",
    "army_police",
    "homemaker",
    "retired",
    "unemployed",
    "other",
)

PAIN_KINDS: Final = ("complaint", "problem", "unmet_need", "suggestion", "objection", "question")

PAIN_CATEGORIES: Final = (
    "price",
    "quality",
    "durability",
    "performance",
    "usability",
    "design",
    "delivery",
    "service",
    "warranty_returns",
    "trust_fraud",
    "availability",
    "safety_health",
    "information",
    "time_effort",
    "money_worry",
    "emotional",
    "other",
)

SEVERITIES: Final = (1, 2, 3)

#: Answers of a lower confidence are kept and shown, and not counted.
COUNTED: Final = 0.5
