"""The invented papers: how each builds its addresses, and which lists it offers."""

import re
import unicodedata
from dataclasses import dataclass

from spiders.sample_press.articles import SampleArticle


@dataclass(frozen=True, slots=True)
class Outlet:
    """`address` is the form of an article's path."""

    id: str
    title: str
    path: str
    address: str

    def path_of(self, article: SampleArticle) -> str:
        section = "noi-bo" if article.fault == "forbidden" else slug(article.section)
        return self.path + self.address.format(section=section, slug=article.id, number=self.number_of(article))

    def number_of(self, article: SampleArticle) -> int:
        """The outlet's own id, which differs between the papers that print the same agency story."""
        return article.number * 100 + 11 + article.outlets.index(self.id)

    def old_path_of(self, article: SampleArticle) -> str:
        """Where the article was before the paper changed its addresses."""
        return f"{self.path}/tin/{self.number_of(article)}.html"


OUTLETS = {
    outlet.id: outlet
    for outlet in (
        Outlet("song_lam", "Báo Sông Lam", "/song-lam", "/{section}/{slug}-{number}.html"),
        Outlet("dong_bang", "Tin Đồng Bằng", "/dong-bang", "/{section}/{slug}-post{number}.htm"),
        Outlet("mien_nui", "Người Miền Núi", "/mien-nui", "/bai/{slug}-{number}"),
        Outlet("bien_xanh", "Thời báo Biển Xanh", "/bien-xanh", "/{section}/{slug}.{number}.html"),
        Outlet("van_son", "Báo Vân Sơn", "/van-son", "/tin-tuc/{slug}-{number}.html"),
    )
}


def slug(text: str) -> str:
    """'Pháp luật' -> 'phap-luat'."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
