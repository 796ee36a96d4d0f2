from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list

from spiders.options import CrawlOptions
from spiders.settings import scrapy_settings

HARMLESS = {"LogCount", "MemoryDebugger", "CloseSpider", "FeedExporter", "SpiderState", "AutoThrottle"}
"""Extensions of Scrapy that do nothing unless they are asked to."""


def test_the_crawl_loads_no_extension_that_listens_on_the_machine_or_that_nobody_looked_at() -> None:
    settings = Settings(scrapy_settings(CrawlOptions()), priority="project")
    loaded = build_component_list(settings.get_component_priority_dict_with_base("EXTENSIONS"))
    assert {str(item).rpartition(".")[2].rstrip("'>") for item in loaded} <= HARMLESS
