"""Computes the topic map of a library: every paper gets a place in two dimensions and a topic, and every topic its terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.library.library import Library
from assistant.types import Filters, Paper, Step, Vectors

_MOST_TOPICS = 10
"""More colours than this are hard to distinguish."""
_PAPERS_PER_TOPIC = 16
_TERMS = 3
_MOST_FOR_TSNE = 3_000
"""Papers up to which t-SNE takes seconds; the map of a larger library shows its two principal components."""
_LEAST_FOR_TSNE = 12
_WORD = r"(?u)\b[a-zA-Z][\w\-]{2,}\b"
_COMMON = 0.2
"""Share of the papers beyond which a word (such as "learning") does not characterise a topic."""
_FILLER = frozenset(
    "able approach approaches achieve achieves based best better demonstrate effective experiments improve improves "
    "including introduce introduces like method methods new novel number overall paper performance present presents "
    "process propose proposed proposes results second set simple state state-of-the-art show shows study third two use "
    "used using various work works".split()
)
"""Words of any abstract, beyond the usual stop words; a small library cannot find them by counting."""
_TITLE = 3.0
"""A paper whose title has a term counts as so many more with it."""
_PAIR = 2.0
"""Weight of a term of two words against one of a single word."""
_CANDIDATES = 40
_DOUBT = 4.0
"""Papers elsewhere that a term is taken to have beyond those counted: a term of two papers is in one topic by chance."""
_SEED = 7
_MOST_GROUPED = 5_000
"""Papers up to which all take part in finding the topics, in two seconds; of a larger library, a sample does."""
_SLICE = 500

Matrix = npt.NDArray[np.float64]
Nearest = Callable[[Vectors], list[int]]


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a paper: `x` and `y` from 0 to 1; `topic` is an index into the map's topics."""

    paper_id: str
    title: str
    year: int | None
    x: float
    y: float
    topic: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of papers that lie close together, with the terms that set it apart, strongest first."""

    terms: tuple[str, ...]
    papers: int


@dataclass(frozen=True, slots=True)
class TopicMap:
    """The map of one state of the library: papers close in meaning lie close together; the axes have no meaning."""

    fingerprint: str
    places: tuple[Place, ...]
    topics: tuple[Topic, ...]
    """Largest first."""
    method: str
    """`t-SNE` or `PCA`."""


def draw(library: Library) -> TopicMap:
    """The map of the library as it is now; the same papers give the same map. Takes seconds for a few hundred papers.

    Callers must not run it twice at once on the same library: the work would be done twice.
    """
    # Loaded first: the limit below applies only to libraries that are loaded already.
    import sklearn.manifold  # noqa: F401 - only loaded here
    from threadpoolctl import threadpool_limits

    # When other work runs on the same cores, OpenMP's waiting threads make this fifteen times slower than one thread.
    # One thread also gives the same map every time.
    with threadpool_limits(1):
        fingerprint = library.store.fingerprint
        papers, vectors = _papers_and_vectors(library, [p.paper_id for p in library.store.papers()])
        if not papers:
            return TopicMap(fingerprint, (), (), "PCA")
        method = "t-SNE" if _LEAST_FOR_TSNE <= len(papers) <= _MOST_FOR_TSNE else "PCA"
        flat = _to_unit_square(_tsne(vectors) if method == "t-SNE" else _principal_components(vectors))
        # t-SNE preserves neighbourhoods, so clustering the map makes each topic one region; PCA does not, so the vectors
        # are clustered.
        labels, _ = _clusters(flat if method == "t-SNE" else vectors)
        topics = _topics(papers, labels)
    places = tuple(
        Place(p.paper_id, p.title, p.year, round(float(x), 4), round(float(y), 4), int(topic))
        for p, (x, y), topic in zip(papers, flat, labels, strict=True)
    )
    return TopicMap(fingerprint, places, topics, method)


def group(
    library: Library, wanted: Sequence[str], step: Step | None = None
) -> tuple[tuple[Topic, ...], Iterator[tuple[Paper, int]]]:
    """The topics of the library without a map, which takes half the time, and each wanted paper with the index of its topic.

    Topics are groups of vectors here and regions of the map there, so they are alike and not the same. Those of a large
    library are made from a sample of its papers, so that time and memory are bounded. `step` receives the papers read and
    their total.
    """
    from threadpoolctl import threadpool_limits

    every = library.store.select(Filters())
    with threadpool_limits(1):
        papers, vectors = _papers_and_vectors(library, every[:: 1 + len(every) // _MOST_GROUPED], step)
        if not papers:
            return (), iter(())
        labels, nearest = _clusters(vectors)
        return _topics(papers, labels), _labelled(library, wanted, nearest)


def _labelled(library: Library, wanted: Sequence[str], nearest: Nearest) -> Iterator[tuple[Paper, int]]:
    from threadpoolctl import threadpool_limits

    for at in range(0, len(wanted), _SLICE):
        papers, vectors = _papers_and_vectors(library, wanted[at : at + _SLICE])
        if papers:
            with threadpool_limits(1):
                labels = nearest(vectors)
            yield from zip(papers, labels, strict=True)


def _papers_and_vectors(
    library: Library, paper_ids: Sequence[str], step: Step | None = None
) -> tuple[list[Paper], Vectors]:
    """Those of these papers that have vectors, with the normalised mean of these, shape (papers, dim)."""
    sums: dict[str, Vectors] = {}
    for paper_id, vector in library.store.vectors(paper_ids):
        if step is not None and paper_id not in sums:
            step(len(sums), len(paper_ids))
        sums[paper_id] = sums.get(paper_id, np.zeros_like(vector)) + vector
    papers = [p for p in library.store.papers(paper_ids) if p.paper_id in sums]
    if not papers:
        return [], np.zeros((0, 0), dtype=np.float32)
    rows = np.stack([sums[p.paper_id] for p in papers])
    return papers, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _clusters(rows: Vectors | Matrix) -> tuple[list[int], Nearest]:
    """The topic of each row, 0 being the largest topic, and what gives further rows the topic that is nearest."""
    from sklearn.cluster import KMeans

    count = max(1, min(_MOST_TOPICS, len(rows) // _PAPERS_PER_TOPIC, len(np.unique(rows, axis=0))))
    model = KMeans(count, n_init=4, random_state=_SEED).fit(rows)
    largest = np.argsort(-np.bincount(model.labels_, minlength=count), kind="stable")
    order = {old: new for new, old in enumerate(largest)}
    return [order[label] for label in model.labels_], lambda more: [order[label] for label in model.predict(more)]


def _principal_components(vectors: Vectors) -> Matrix:
    """The first two principal components, shape (n, 2); zeros where there are fewer."""
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    flat: Matrix = centred @ directions[:2].T
    padded: Matrix = np.pad(flat, ((0, 0), (0, 2 - flat.shape[1])))
    return padded


def _tsne(vectors: Vectors) -> Matrix:
    """t-SNE (van der Maaten and Hinton 2008), initialised with PCA so that it is reproducible; shape (n, 2)."""
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(vectors) - 1) / 3)
    flat: Matrix = TSNE(2, perplexity=perplexity, init="pca", random_state=_SEED).fit_transform(vectors)
    return flat


def _to_unit_square(flat: Matrix) -> Matrix:
    low, high = flat.min(axis=0), flat.max(axis=0)
    unit: Matrix = (flat - (low + high) / 2) / np.where(high > low, high - low, 1.0) + 0.5
    return unit


def _topics(papers: Sequence[Paper], labels: Sequence[int]) -> tuple[Topic, ...]:
    """Each topic with the terms that name it."""
    sizes = np.bincount(labels)
    weights, names = _weights(papers, labels, sizes)
    return tuple(
        Topic(_strongest([names[i] for i in np.argsort(-row, kind="stable")[:_CANDIDATES] if row[i] > 0]), int(size))
        for row, size in zip(weights, sizes, strict=True)
    )


def _weights(papers: Sequence[Paper], labels: Sequence[int], sizes: npt.NDArray[np.int64]) -> tuple[Matrix, list[str]]:
    """How well each term names each topic, shape (topics, terms), and the terms: class-based TF-IDF (Grootendorst 2022) over
    document counts, times the share of the term's papers that are in the topic.

    A term in titles counts more than one in abstracts: authors choose titles to tell papers apart. So does a term of two
    words, because one word ("residual", "small") belongs to many phrases.
    """
    import sklearn.feature_extraction.text as words

    many = len(sizes) > 1
    counter = words.CountVectorizer(
        stop_words=sorted(words.ENGLISH_STOP_WORDS | _FILLER),
        ngram_range=(1, 2),
        token_pattern=_WORD,
        binary=True,
        min_df=2 if many else 1,
        max_df=_COMMON if many else 1.0,
    )
    try:
        counts = counter.fit_transform(f"{p.title}. {p.abstract}" for p in papers)
    except ValueError:  # nothing but stop words
        return np.zeros((len(sizes), 0)), []
    titles = counter.transform(p.title for p in papers)
    rows = [np.flatnonzero(np.equal(labels, topic)) for topic in range(len(sizes))]
    by_topic, in_titles = (
        np.stack([np.asarray(some[row].sum(axis=0))[0] for row in rows]) for some in (counts, titles)
    )
    total = by_topic.sum(axis=0)
    names = [str(name) for name in counter.get_feature_names_out()]
    pairs = np.array([_PAIR if " " in name else 1.0 for name in names])
    shares = (by_topic + _TITLE * in_titles) / sizes[:, None]
    weights: Matrix = shares * np.log(1 + len(papers) / total) * (by_topic / (total + _DOUBT)) * pairs
    # A term that names two topics tells neither from the other.
    return np.where(weights == weights.max(axis=0), weights, 0.0), names


def _strongest(terms: Sequence[str]) -> tuple[str, ...]:
    """The first terms that share no word, singular or plural, with those before them."""
    chosen: list[str] = []
    seen: set[str] = set()
    for term in terms:
        stems = {word.rstrip("s") for word in term.split()}
        if not stems & seen:
            chosen.append(term)
            seen |= stems
    return tuple(chosen[:_TERMS])
