"""What the admin shows, and nobody adds, changes or deletes there."""


class ReadOnlyAdmin:
    """For the admin of a model: its rows are looked up, or put right elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
