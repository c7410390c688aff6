"""English posts in which nothing is to be coded, by the cause for which they once got an answer, and their neighbours that are coded."""

from __future__ import annotations

from functools import cache

import pytest

from analysis.text.annotate import Annotator
from data.records import Annotation


@cache
def annotator() -> Annotator:
    return Annotator(learned=False)


def read(text: str) -> Annotation:
    return annotator().annotate_one({"id": "1", "text": text, "lang": "en"})


def told(text: str) -> set[tuple[str, str]]:
    return {(cue.attribute, cue.value) for cue in read(text).cues}


@pytest.mark.parametrize(
    "text",
    [
        # Others' firsts, and what is no purchase.
        "My neighbour's lad got the keys to his first flat",
        "Never had a problem with this kettle",
        "What was everyone's first ever ringtone?",
        # Prices, aeroplanes and phones that go from, are cancelled or are dropped.
        "The membership went from 40 to 68 a month",
        "Fernair cancelled my reservation",
        "Dropped it in the canal",
        "I must get back to my desk",
        # Facts asked for.
        "Does anyone know if the library opens on Sundays?",
        "Is the service charge per month or per quarter?",
        "They're looking for helpers",
        "Somebody had put flowers on my desk",
        # Figures, advice and idle hours.
        "4.2 kWh per load vs 1.1 on the old one",
        "Use sunscreen every day, even when it's cloudy",
        "We went to the beach last Saturday",
        "The horror stories never happened to me",
        "Get everything in writing",
        # Where others are.
        "The actor is 45 and lives in Los Angeles",
        "The museum in Vienna has a fine collection of clocks",
        "The price went up by ten pence overnight, nice",
        "Last seen over Tesco",
        # Adverts.
        "We're hiring! Line cooks wanted, apply in person",
        "Grand opening! Buy one bubble tea get one free, 10% off all week",
        "Whether you're comparing tariffs or moving house, our experts can help",
    ],
)
def test_nothing_is_told_of_the_author(text: str) -> None:
    found = {cue.attribute for cue in read(text).cues}
    assert not found & {"behaviour", "location", "interest", "channel", "income", "budget", "customer_type"}, found


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("I'm opening my first ever bank account", ("behaviour", "first_time_buyer")),
        ("Never had a smart plug before", ("behaviour", "first_time_buyer")),
        ("We went from Milkmoon to Lactaire", ("behaviour", "switching_from")),
        ("So I cancelled my subscription", ("behaviour", "switching_from")),
        ("Does anyone know a cheaper way to send parcels?", ("behaviour", "researching")),
        ("Is cable or fibre better if you play online?", ("behaviour", "comparing")),
        ("I'm looking for a decent road bike", ("behaviour", "researching")),
        ("I go to the beach every weekend and I love hiking", ("interest", "hiking")),
        ("Bought it in Tesco", ("channel", "supermarket")),
        ("We run a tailor's in Hanoi and live here in Hanoi", ("location", "Hà Nội")),
    ],
)
def test_what_is_the_authors_own_is_still_told(text: str, cue: tuple[str, str]) -> None:
    assert cue in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hate how comfy these seats are",
        "Filthy good broth",
        "Expected it to be late and it wasn't",
        "No smell, leaks or stains",
        "Can't find a single fault",
        "It doesn't sting and it doesn't creak",
        "No warning lights, no rattles",
        "Nothing beats fresh sheets",
        "The fraud team rang me within the hour",
        "Whoever invented this chilli crisp should be in prison",
        "Please ring the other number, they answer",
        "I'd like to be debt free by thirty",
        "Offer ends 30 April",
        "> they lost my case\nThat's awful.",
        "I need something that doesn't drop out",
    ],
)
def test_no_pain_is_heard_in_praise_fears_sympathy_and_wishes(text: str) -> None:
    assert read(text).pains == ()


@pytest.mark.parametrize(
    "text",
    [
        "I hate how slow the app is",
        "The bathroom was filthy",
        "It won't charge",
        "The app is buggy",
        "Please add a dark mode",
        "I'd like to see an option to turn the sound off",
        "They should be ashamed, the strap broke on day one",
    ],
)
def test_words_like_those_still_hurt_or_ask(text: str) -> None:
    assert read(text).pains
