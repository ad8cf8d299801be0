"""Parts of articles' addresses."""


class ArticleIdConverter:
    """An article's id as its one address has it: without leading zeros."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
