"""How the admin calls this part of the site."""

from django.apps import AppConfig


class LawsiteConfig(AppConfig):
    name = "lawsite"
    verbose_name = "站点"
