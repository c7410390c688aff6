"""A django-oscar shop in one file, run by the Python of its own environment: ``python oscar_site.py ACTION FOLDER …``.

Actions: ``fill CONTENT.json``, ``serve PORT``, ``review PRODUCT REVIEW.json``.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from oscar import INSTALLED_APPS, defaults

FOLDER = Path(sys.argv[2])
_OSCAR = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR")}
_DJANGO = ("debug", "request", "i18n", "media", "static")
settings.configure(
    **{
        **_OSCAR,
        "OSCAR_SHOP_NAME": "Cửa hàng hư cấu",
        "OSCAR_DEFAULT_CURRENCY": "VND",
        "OSCAR_REVIEWS_PER_PAGE": 10,
        "OSCAR_PRODUCTS_PER_PAGE": 4,
        "OSCAR_ALLOW_ANON_REVIEWS": True,
        "OSCAR_MODERATE_REVIEWS": False,
    },
    DEBUG=False,
    SECRET_KEY="for tests only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    TIME_ZONE="UTC",
    LANGUAGE_CODE="en-gb",
    SITE_ID=1,
    STATIC_URL="/static/",
    STATIC_ROOT=str(FOLDER / "static"),
    MEDIA_URL="/media/",
    MEDIA_ROOT=str(FOLDER / "media"),
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(FOLDER / "shop.sqlite3"),
            "ATOMIC_REQUESTS": True,
        }
    },
    HAYSTACK_CONNECTIONS={
        "default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": str(FOLDER / "index")}
    },
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    INSTALLED_APPS=[*INSTALLED_APPS, "django.contrib.sitemaps", "sorl.thumbnail"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "oscar.apps.basket.middleware.BasketMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    *(f"django.template.context_processors.{name}" for name in _DJANGO),
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "oscar.apps.search.context_processors.search_form",
                    "oscar.apps.checkout.context_processors.checkout",
                    "oscar.apps.communication.notifications.context_processors.notifications",
                    "oscar.core.context_processors.metadata",
                ]
            },
        }
    ],
)
django.setup()

from django.apps import apps  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.sitemaps import Sitemap  # noqa: E402
from django.contrib.sitemaps.views import sitemap  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

User = get_user_model()
Product, Review, Vote = (
    get_model("catalogue", "Product"),
    get_model("reviews", "ProductReview"),
    get_model("reviews", "Vote"),
)


class Products(Sitemap):
    def items(self) -> Any:
        return Product.objects.browsable().order_by("pk")


def empty_front(_request: Any) -> HttpResponse:
    """A front page that leads nowhere, as where a script shows the products."""
    return HttpResponse(
        "<html lang='vi'><title>Cửa hàng</title><body><h1>Cửa hàng hư cấu</h1><div id=app></div></body></html>"
    )


urlpatterns = [
    path("sitemap.xml", sitemap, {"sitemaps": {"products": Products}}, name="django.contrib.sitemaps.views.sitemap"),
    path("app/", empty_front),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]


def fill(content: str) -> None:
    made = json.loads(Path(content).read_text(encoding="utf-8"))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with transaction.atomic():
        for name in made["people"]:
            User.objects.create_user(name, f"{name}@example.com", "x", first_name=name)
        category, kind = (
            get_model("catalogue", "Category").add_root(name="Mẹ và bé"),
            get_model("catalogue", "ProductClass").objects.create(name="Hàng", track_stock=False),
        )
        partner = get_model("partner", "Partner").objects.create(name="Kho")
        for number, product in enumerate(made["products"], 1):
            _sell(product, category, kind, partner, number)
    call_command("rebuild_index", verbosity=0, interactive=False)


def _sell(made: dict[str, Any], category: Any, kind: Any, partner: Any, number: int) -> None:
    product = Product.objects.create(
        title=made["title"], description=f"<p>{made['about']}</p>", product_class=kind, upc=f"SKU{number:04}"
    )
    get_model("catalogue", "ProductCategory").objects.create(product=product, category=category)
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=partner,
        partner_sku=f"K{number:04}",
        price=Decimal(90_000 + number),
        price_currency="VND",
    )
    for one in made["reviews"]:
        _write(product, one)
    product.update_rating()


def _write(product: Any, made: dict[str, Any]) -> None:
    people = list(User.objects.order_by("pk"))
    author = next(person for person in people if person.first_name == made["author"])
    review = Review.objects.create(
        product=product,
        score=made["stars"],
        title=made["title"],
        body=made["text"],
        user=author,
        status=Review.APPROVED,
    )
    others = [person for person in people if person != author]
    for person in others[: made["helpful"]]:
        Vote.objects.create(review=review, user=person, delta=1)
    for person in others[made["helpful"] : made["helpful"] + made["unhelpful"]]:
        Vote.objects.create(review=review, user=person, delta=-1)
    Review.objects.filter(pk=review.pk).update(date_created=datetime.fromisoformat(made["at"]))


def review(title: str, content: str) -> None:
    product = Product.objects.get(title=title)
    _write(product, json.loads(Path(content).read_text(encoding="utf-8")))
    product.update_rating()


def serve(port: str) -> None:
    from django.contrib.sites.models import Site
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application
    from waitress import serve as forever

    Site.objects.update_or_create(pk=1, defaults={"domain": f"127.0.0.1:{port}", "name": "Shop"})
    forever(StaticFilesHandler(get_wsgi_application()), host="127.0.0.1", port=int(port), threads=4)


if __name__ == "__main__":
    {"fill": fill, "review": review, "serve": serve}[sys.argv[1]](*sys.argv[3:])
