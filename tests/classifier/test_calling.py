"""The names by which a person of a full name is called; how they are found in a text is tested with masking."""

import pytest

from classifier.calling import given_names


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("cháu Nguyễn Thị Mẫu Na", {"Mẫu Na", "Nguyễn Na", "Na"}),
        ("Trần Na", {"Na"}),
        ("Trường tiểu học Lê Mẫu", set()),
        ("đường Nguyễn Mẫu", set()),
        ("Mẫu Na", {"bé Na", "cháu Na", "em Na"}),
        ("Nguyễn", set()),
        ("Trần Việt Anh", {"Việt Anh", "Trần Anh", "bé Anh", "cháu Anh", "em Anh"}),
        ("Phạm Thị Na", {"Thị Na", "Phạm Na", "Na"}),
    ],
)
def test_only_names_of_people_have_shorter_names(words: str, given: set[str]) -> None:
    assert given_names([words]) == given
