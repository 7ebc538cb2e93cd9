"""Estimates whether two names stand for things of one kind, by their form and by the words around them."""

from __future__ import annotations

import re

from assistant.text.stems import stem
from assistant.text.words import content_words, words

METRICS = frozenset(
    "map ap ar miou iou fid f1 auc auroc psnr ssim bleu rouge cer wer dice flops top-1 top-5 r2 rmse mae recall "
    "snr db gpu gpus cpu cpus tpu tpus arxiv".split()
)
"""Metrics and hardware: a question that names one presupposes nothing by it."""
ASKING = frozenset(
    stem(w)
    for w in """many high low big large long explain reason cause happen possible manage come get gets give take
    help far kind type way call name report mention say according state find found let able reach
    obtain achieve yield score""".split()
)
"""Stems of words with which questions are asked."""
_DATA_SETS = frozenset(
    """imagenet cifar mnist svhn coco voc ade20k cityscapes laion stl caltech places inaturalist kinetics ucf hmdb
    librispeech voxceleb audioset glue superglue squad mnli sst mrpc qqp qnli cola rte hotpotqa triviaqa naturalquestions
    msmarco beir wikitext c4 pile mmlu gsm8k humaneval hellaswag scannet shapenet kitti nuscenes celeba ffhq lsun
    domainnet vtab xnli commonvoice flickr30k vqa okvqa gqa tinyimagenet""".split()
)
_NETWORKS = frozenset(
    """resnet vit bert roberta gpt llama deit swin clip efficientnet mobilenet vgg densenet convnext mlp unet yolo t5
    bart deberta albert electra simclr moco mocov2 mocov3 byol simsiam dino dinov2 mae beit ijepa swav vicreg
    wav2vec hubert whisper mistral gemini palm opt bloom xlnet distilbert regnet alexnet inception lstm""".split()
)
"""Well-known names without their sizes: two data sets are of one kind, and so are two networks."""


def similarity(question: str, name: str, sentence: str, other: str) -> float:
    """How much `name` in the question resembles `other` in the sentence; 0 for not at all, no upper bound."""
    return _form_similarity(name, other) + _context_similarity(question, name, sentence, other)


def _form_similarity(name: str, other: str) -> float:
    """0 to .6, by form alone: `LAION-5B` and `LAION-400M` are of one kind."""
    one, two = (re.split(r"[-_\d]", n.lower())[0] for n in (name, other))
    if len(one) > 2 and one == two:
        return 0.6
    same_kind = any(_bare(name) in kind and _bare(other) in kind for kind in (_DATA_SETS, _NETWORKS))
    return 0.4 if same_kind else 0.15 * (_shape(name) == _shape(other))


def _bare(name: str) -> str:
    """`imagenet` for `ImageNet-1K`; names that end in a figure of their own (`T5`) stay whole."""
    whole = re.sub(r"[^a-z0-9]", "", name.lower())
    return whole if whole in _DATA_SETS | _NETWORKS else re.sub(r"\d+[a-z]{0,2}$", "", whole)


def _shape(name: str) -> str:
    if name.lower() in METRICS:
        return "metric"
    return "acronym" if name.rstrip("s").isupper() else "mixed" if re.search(r"[a-z][A-Z]", name) else "plain"


def _context_similarity(question: str, name: str, sentence: str, other: str) -> float:
    """.35 for each word that both names have around them, and .25 for the same word right before."""
    ours, theirs = _context(question, name), _context(sentence, other)
    before = [text[: max(0, text.find(n))].split()[-1:] for text, n in ((question, name), (sentence, other))]
    return 0.35 * len(ours & theirs) + 0.25 * bool(before[0] and before[0] == before[1])


def _context(text: str, name: str) -> frozenset[str]:
    """Stems of the two content words on either side of the name."""
    at = max(0, text.find(name))
    before, after = (
        content_words(words(text[max(0, at - 120) : at])),
        content_words(words(text[at + len(name) : at + len(name) + 120])),
    )
    return frozenset(w.stem for w in (*before[-2:], *after[:2])) - ASKING
