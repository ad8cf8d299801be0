"""Make the desk's four roles what this version of the site says they are."""

from django.core.management.base import BaseCommand

from articles import roles


class Command(BaseCommand):
    help = (
        "Make the groups 作者, 编辑, 审核律师 and 管理员 with their permissions; safe to run twice."
    )

    def handle(self, **options):
        roles.set_up()
        self.stdout.write(f"Roles: {'、'.join(roles.ROLES)}.")
