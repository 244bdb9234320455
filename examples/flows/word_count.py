"""A flow for a first try: it needs nothing but Prefect, and shows logs, task runs, and a result."""

from collections import Counter

from prefect import flow, get_run_logger, task

TEXT = "the way in is the way through: who holds the door holds the house"


@task
def split(text: str) -> list[str]:
    words = [word.strip(":,.") for word in text.lower().split()]
    get_run_logger().info("split the text into %d words", len(words))
    return words


@task
def count(words: list[str]) -> Counter[str]:
    counted = Counter(words)
    get_run_logger().info("counted %d different words", len(counted))
    return counted


@flow(name="word-count")
def word_count(text: str = TEXT) -> str:
    word, times = count(split(text)).most_common(1)[0]
    get_run_logger().info("the most frequent word is %r: %d times", word, times)
    return word


if __name__ == "__main__":
    word_count()
