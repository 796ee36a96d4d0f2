"""One article, one key: what two addresses of the same article have in common, and nothing else.

A wrong merge silently loses an article, a missed one only shows it twice (and the text comparison finds it
later); wherever a number might not be an id, the whole path is kept.
"""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from models.errors import DiembaoError

MAX_URL = 2_000
ALIASES = frozenset({"www", "m", "amp", "mobile", "wap", "touch"})
"""First labels of host names under which papers serve the same pages."""
TRACKING = re.compile(
    r"utm(_.*)?|at_.*|itm_.*|hsa_.*|fb_.*|mc_[ce]id|vn_(source|medium|campaign|term|thumb)|_gl|_ga|_x_tr_.*"
    r"|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|zarsrc|gidzl|igsh(id)?|mibextid|cmpid|ncid|ocid|spm"
    r"|ref|ref_src|ref_url|src|source|from|campaign|share|sharetype|gi_share",
    re.IGNORECASE,
)
AMP_QUERY = {"amp": {"", "1", "true"}, "outputtype": {"amp"}, "view": {"amp"}}
AMP_PATH = re.compile(r"/amp(?=/|$)|[-.]amp(?=(\.[a-z]{2,6})?/?$)", re.IGNORECASE)
EXTENSION = re.compile(r"\.[a-z]{2,6}$", re.IGNORECASE)
ID_KEY = re.compile(r"(news|item|article|content|post|thread|topic|n|a|t)?_?id|p", re.IGNORECASE)
BARE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/.*|\?.*)?", re.DOTALL)
PREFIXED = re.compile(r"(?:^|[-_.~])(?:c\d+)?([a-z]{1,8}\d{5,20})$", re.IGNORECASE)
PLAIN = re.compile(r"(?:^|[-_.~])([1-9]\d{5,19})$")
HEXADECIMAL = re.compile(r"-((?=[a-f]*\d)[0-9a-f]{7})$")
MONTH_FOLDER = re.compile(r"20\d\d(0[1-9]|1[0-2])")
DATE_LIKE = re.compile(r"20[0-3]\d(0[1-9]|1[0-2])([0-2]\d|3[01])|([0-2]?\d|3[01])(0?[1-9]|1[0-2])(20[0-3]\d|[0-3]\d)")
SUM = re.compile(r"[1-9]\d{0,2}0{3,}")
LONGEST_SUM = 12
"""Digits; a shorter round number, three figures and then zeros, may be an amount that the headline names."""
MEDIA = frozenset({"video", "videos", "photo", "photos", "anh", "podcast", "podcasts", "media", "infographic"})
"""Sections that number their pages for themselves."""


class BadAddress(DiembaoError):  # noqa: N818 - named for what it says
    """Not an http(s) address that an article could have."""


def bare_host(netloc: str) -> str:
    """Host (and port, where it is not the default) in lower case without www, m, amp, mobile and the like."""
    host = netloc.rpartition("@")[2].lower()
    for port in (":80", ":443"):
        host = host.removesuffix(port)
    labels = host.rstrip(".").split(".")
    while len(labels) > 2 and labels[0] in ALIASES:
        labels = labels[1:]
    return ".".join(labels)


def clean_url(url: str) -> str:
    """The address to ask for: without tracking, fragment, credentials and default port; otherwise as given."""
    parts = _split(url)
    query = urlencode([(key, value) for key, value in _query(parts) if not TRACKING.fullmatch(key)])
    host = parts.netloc.rpartition("@")[2].lower()
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return urlunsplit((parts.scheme, host.removesuffix(default), _quoted(parts.path) or "/", query, ""))


def article_identity(url: str, *, canonical: str | None = None) -> str:
    """Key of the article behind an address, itself a scheme-less address of which it is again the key.

    The page's own canonical link is believed only within the same site and where it names an article: some
    papers put their front page there, and a page must not be able to pose as an article of another paper.
    """
    key, number = _key(_split(url))
    if not canonical:
        return key
    try:
        parts = _split(canonical)
        other, other_number = _key(parts)
    except BadAddress:
        return key
    same_site = site_of(parts.netloc) == site_of(_split(url).netloc)
    names_article = other_number is not None or (number is None and parts.path.strip("/").count("-") >= 2)
    return other if same_site and names_article else key


def article_number(url: str) -> str | None:
    """The outlet's own id in the address, where there is one. A round number before an extension is taken for one
    here, although two articles are not held for the same because of it."""
    parts = _split(url)
    number = _key(parts)[1]
    last = parts.path.rpartition("/")[2]
    if number is None and EXTENSION.search(last) and (found := PLAIN.search(EXTENSION.sub("", last))):
        return found[1] if _is_sum(found[1]) else None
    return number


def site_of(netloc: str) -> str:
    """The part of a host name that one owner registers: `thoi-su.bao.com.vn` -> `bao.com.vn`."""
    labels = bare_host(netloc).split(".")
    if labels[-1].partition(":")[0].isdigit():
        return ".".join(labels)
    second = {"com", "net", "org", "gov", "edu", "info", "biz", "name", "pro", "health", "co", "ac"}
    return ".".join(labels[-3:] if len(labels) > 2 and labels[-2] in second else labels[-2:])


def _split(url: str) -> SplitResult:
    url = re.sub(r"[\t\r\n]", "", url.strip()).encode("utf-8", "replace").decode()
    if url.startswith("//"):
        url = "https:" + url
    elif BARE.fullmatch(url):
        url = "https://" + url
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and len(url) <= MAX_URL
        port = parts.port
    except ValueError as exc:
        raise BadAddress(f"{url[:200]!r}: {exc}") from exc
    if not good or port == 0:
        raise BadAddress(f"{url[:200]!r} is not an http(s) address of at most {MAX_URL} characters")
    return parts


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError as exc:
        raise BadAddress(f"{parts.geturl()[:200]!r}: {exc}") from exc


def _quoted(path: str) -> str:
    return quote(unquote(path, errors="surrogateescape"), safe="/~@!$&'()*+,;=:-._", errors="surrogateescape")


def _key(parts: SplitResult) -> tuple[str, str | None]:
    host = bare_host(parts.netloc)
    path = "/" + _quoted(parts.path)
    while (plain := re.sub(r"/{2,}", "/", AMP_PATH.sub("", path.rstrip("/")))) != path:
        path = plain
    path = path.strip("/")
    query = sorted(
        (key, value)
        for key, value in _query(parts)
        if not TRACKING.fullmatch(key) and value.lower() not in AMP_QUERY.get(key.lower(), ())
    )
    number = _number(path)
    if number is not None:
        folder = path.partition("/")[0]
        path = f"{folder}/{number}" if folder in MEDIA else number
        query = [(key, value) for key, value in query if ID_KEY.fullmatch(key)]
    key = f"{host}/{path}".rstrip("/") + (f"?{urlencode(query)}" if query else "")
    return key, number or next((value for name, value in query if ID_KEY.fullmatch(name) and value), None)


def _number(path: str) -> str | None:
    """The id in a path: `…-4672302.html`, `…-d538952.html`, `…-post1234.html`, `…/724115.html`,
    `…/20121224150720142/slug.xinh`, `/202403/slug-1d70a36/`."""
    folders = path.split("/")
    stem = EXTENSION.sub("", folders[-1])
    if found := PREFIXED.search(stem):
        return found[1].lower()
    if found := PLAIN.search(stem):
        return None if DATE_LIKE.fullmatch(found[1]) or _is_sum(found[1]) else found[1]
    if len(folders) > 1 and re.fullmatch(r"[1-9]\d{13,19}", folders[-2]):
        return folders[-2]
    if (found := HEXADECIMAL.search(stem)) and any(MONTH_FOLDER.fullmatch(folder) for folder in folders):
        return found[1]
    return None


def _is_sum(number: str) -> bool:
    return len(number) < LONGEST_SUM and SUM.fullmatch(number) is not None
