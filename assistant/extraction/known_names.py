"""Names that rules cannot tell apart by their shape: well-known data sets, well-known models, and common abbreviations."""

from __future__ import annotations

import re

_DATASETS = """
ImageNet ImageNet-1[kK] ImageNet-2[12][kK] ImageNet-[A-Z]\\w* Tiny[-\\s]?ImageNet mini[-\\s]?ImageNet tieredImageNet ILSVRC\\S* CIFAR(?:-?10(?:0)?(?:/100|-C|-LT)?)?
MNIST Fashion[-\\s]?MNIST EMNIST KMNIST MedMNIST\\S* SVHN STL-?10 (?:MS[-\\s]?)?COCO(?:-\\w+|\\s20\\d\\d)? PASCAL[-\\s]VOC Pascal[-\\s]VOC VOC\\s?20\\d\\d ADE20[kK]
Cityscapes KITTI(?:-\\d+)? nuScenes Waymo\\sOpen BDD100K Mapillary LVIS Objects?365 OpenImages Open\\sImages Places365 iNaturalist(?:\\s?\\d+)?
LAION(?:-\\w+)? CC3M CC12M YFCC\\w* Conceptual\\sCaptions Flickr30[kK] Visual\\sGenome VQA(?:v2|\\sv2|-v2) GQA OK-VQA TextVQA ScienceQA MMMU MMBench
SEED-Bench POPE CelebA(?:-HQ)? FFHQ LSUN AFHQ CUB(?:-200(?:-2011)?)? Stanford\\s(?:Cars|Dogs) Food-?101 Caltech-?(?:101|256) Oxford\\s(?:Pets|Flowers)
DomainNet Office-?(?:31|Home) VisDA\\S* PACS Kinetics(?:-?\\d{3})? UCF-?101 HMDB-?51 Something-Something\\S* Charades AVA ActivityNet
YouCook2 HowTo100M MSR-VTT MSVD Ego4D DAVIS(?:-?\\d+)? YouTube-VOS YouTube-VIS YTVIS\\S* OVIS MOT-?1[67] MOT20 LaSOT GOT-10k TrackingNet
ScanNet\\S* ShapeNet ModelNet\\d* S3DIS SUN\\s?RGB-?D NYU(?:v2|\\sDepth\\S*|-v2) Matterport3D Replica SemanticKITTI
Market-?1501 MSMT-?17 DukeMTMC\\S* CUHK0[13] VeRi\\S* LFW MegaFace IJB-[ABC] VGGFace2 MS-?Celeb-1M
DIV2K Set5 Set14 Urban100 BSD\\d+ GoPro SIDD RAIN\\d+\\w* LOL
LibriSpeech Libri-?Light VoxCeleb\\d? AudioSet Audioset ESC-50 VCTK LJSpeech TIMIT Common\\sVoice MUSDB\\S* TED-LIUM WHAM WSJ0?\\S* FSD50K
GLUE SuperGLUE SQuAD(?:\\s?(?:v?\\d(?:\\.\\d)?))? MNLI SNLI QNLI XNLI SST-?[25] MRPC CoLA STS-?B QQP RTE ANLI WNLI BoolQ PIQA HellaSwag WinoGrande Winogrande
ARC-(?:Challenge|Easy|c|e|AGI) OpenBookQA CommonsenseQA StrategyQA TriviaQA Natural\\sQuestions NaturalQuestions HotpotQA 2WikiMultiHopQA MuSiQue WebQuestions\\w*
MS[-\\s]?MARCO BEIR MTEB TREC\\S* SciFact FEVER Quora NarrativeQA Qasper QuAC CoQA DROP BBH BIG-?[Bb]ench(?:\\sHard)? MMLU(?:-Pro)? GSM-?8[kK] MATH(?=\\s(?:dataset|benchmark|and)|[,.)])
HumanEval\\+? MBPP\\+? APPS LiveCodeBench SWE-[Bb]ench\\S* CodeXGLUE CodeSearchNet DS-1000 AlpacaEval(?:\\s?2(?:\\.0)?)? MT-?Bench Arena-Hard TruthfulQA ToxiGen RealToxicityPrompts
LongBench SCROLLS RULER PG-?19 WikiText(?:-?\\d+)? Penn\\sTree[Bb]ank PTB enwik8 text8 C4 OpenWebText RedPajama The\\sPile Wikipedia BookCorpus
CNN/Daily\\s?Mail XSum SAMSum arXiv\\ssummarization MultiWOZ\\S* DSTC\\d* CoNLL(?:-?20\\d\\d|-?\\d\\d)? OntoNotes\\S* ACE\\s?2005 TACRED DocRED WMT\\S* IWSLT\\S* FLORES\\S* Europarl Multi30[kK]
IMDB IMDb AG\\s?News Yelp(?:-\\d)? Amazon\\s(?:Reviews|Books) 20\\s?Newsgroups Reuters MovieLens\\S* Criteo Netflix\\sPrize Taobao Gowalla
Cora(?:-ML)? Citeseer CiteSeer PubMed(?:QA)? ogbn?-\\w+ OGB\\S* Reddit QM[79] ZINC MoleculeNet PCQM4M\\S* OC20 FB15[kK](?:-237)? WN18(?:RR)? Wikidata5M WordNet ConceptNet
Atari(?:[-\\s](?:\\d+|2600|100k))? MuJoCo D4RL DeepMind\\sControl(?:\\sSuite)? DMControl Procgen Meta-?World Minecraft StarCraft\\S* SMAC RLBench CALVIN LIBERO OpenAI\\sGym Habitat
ETT[hm]?\\d? Electricity M4 M5 UCR(?:\\sarchive)? UEA(?:\\sarchive)? UCI(?:\\s(?:repository|machine\\slearning\\srepository))? OpenML\\S* HIGGS
MIMIC(?:-?(?:III|IV|CXR|II|3|4))?(?:-\\w+)? eICU CheXpert ChestX-?ray\\d* NIH\\sChest\\S* PadChest BraTS(?:\\s?\\d+)? ISIC(?:\\s?\\d+)? LIDC(?:-IDRI)? LiTS KiTS\\d* ACDC AMOS BTCV Synapse DRIVE STARE
CAMELYON\\d* TCGA(?:-\\w+)? PanNuke UK\\sBiobank FinnGen NHANES ADNI ABIDE HCP Human\\sConnectome\\sProject GTEx ENCODE GEO gnomAD 1000\\sGenomes(?:\\sProject)? ExAC DisGeNET DrugBank ChEMBL
BindingDB UniProt(?:KB)? UniRef\\d* Protein\\sData\\sBank PDB CASP\\d* Framingham\\sHeart\\sStudy Nurses['’]\\sHealth\\sStudy SEER Medicare PhysioNet PTB-XL Sleep-EDF DEAP SEED HEAR(?:\\s20\\d\\d)?
Cochrane\\sLibrary MEDLINE EMBASE Embase Web\\sof\\sScience Scopus CIRCO Alpaca ShareGPT UltraFeedback UltraChat OpenOrca FLAN HH-RLHF
"""
DATASET = re.compile(
    r"(?<![\w/.-])(?:"
    + "|".join(sorted(("(?:" + name + ")" for name in _DATASETS.split()), key=len, reverse=True))
    + r")(?![\w-]*[a-z]{3})(?!\w)"
)
"""A well-known data set or benchmark. Longer spellings come first."""

MODEL = re.compile(
    r"""(?ix) ^(?: (?:[\w.]*-)?(?:wide-?)?(?:res-?net|resnext|vgg|densenet|efficient-?net|mobile-?net|shuffle-?net|squeezenet|alexnet|lenet|googlenet|inception|
    convnext|regnet|hrnet|u-?net|nnu-?net|segformer|mask-?\ r-?cnn|r-?cnn|fast(?:er)?-?rcnn|retinanet|yolo|detr|fcos|ssd|
    vit|deit|swin|pvt|beit|mae|dino|moco|simclr|byol|simsiam|swav|clip|blip|llava|flamingo|sam|stable-?diffusion|sd|sdxl|dall-?e|imagen|
    bert|roberta|albert|electra|deberta|distilbert|xlnet|xlm|bart|t5|gpt|chatgpt|llama|alpaca|vicuna|mistral|mixtral|falcon|gemini|gemma|claude|palm|opt|bloom|
    qwen|phi|pythia|olmo|deepseek|flan|codex|starcoder|whisper|wav2vec|hubert|w2v|elmo|glove|word2vec|fasttext|transformer|mamba|rwkv|lstm|gru|rnn|cnn|dnn|
    mlp|svm|xgboost|lightgbm|catboost|random\ forest|gcn|gat|gnn|graphsage|gin|vae|vqvae|gan|stylegan|biggan|cyclegan|ddpm|ddim|lora|qlora|adam|adamw|sgd|
    ppo|dqn|sac|td3|a3c|dreamer|alphafold|alphago|alphazero|muzero|esm|nerf|pointnet|lenet|kan|kans)s?
    (?:[-_.\ ]?(?:v|x)?\d[\w.]*)?(?:[-_/](?:\w+|\d+))*)$"""
)
"""A well-known model, optimizer or method by which a paper may be built, compared or tested."""
COMMON = frozenset(
    """AI ML DL NLP CV RL LLM LLMs MLLM MLLMs VLM VLMs LVLM LVLMs LM LMs PLM PLMs CNN CNNs RNN RNNs DNN DNNs NN NNs GNN GNNs GAN GANs VAE VAEs ViT ViTs
    SSL KD FL CL AL MTL ICL RAG SFT RLHF DPO PEFT NAS NMT MT QA VQA NER ASR TTS OCR OOD SOTA SoTA MCTS ConvNet RNNs SVM SVMs PCA MLE MAP EM KL MI SGD MSE MAE RMSE CE IoU mIoU mAP AP AUC
    AUROC ROC F1 BLEU ROUGE FID PSNR SSIM GPU GPUs CPU CPUs TPU TPUs FLOPs FLOP RAM HPC IoT API APIs DNA RNA mRNA miRNA PCR CT MRI fMRI EEG MEG ECG PET
    HIV COVID-19 SARS-CoV-2 BMI CI OR HR RR RCT RCTs WHO USA US UK EU NHS ICU GWAS SNP SNPs 2D 3D 4D RGB RGB-D IR UAV UI MDP MDPs POMDP PDE PDEs ODE ODEs SDE
    IID i.i.d LiDAR SLAM HCI NeRF Transformer Transformers Bayesian Gaussian Markov Euclidean Riemannian Hessian Lipschitz Lagrangian Fourier Boltzmann Monte
    Carlo Python PyTorch TensorFlow English Chinese French German Spanish Japanese Arabic Hindi European American African Asian Western Hugging Face
    GitHub Internet Web Twitter NVIDIA Nvidia Google OpenAI Microsoft Meta Deep Learning Neural Network Networks Large Language Models Model The A An We
    This Our In Top-1 Top-5 Rank-1 I II III""".split()
)
"""Abbreviations and capitalized words that name a field, a technique, a metric or a language, never one paper's own work."""
HARDWARE = re.compile(
    r"(?i)^(?:[AVHTPL]\d{1,3}0?|RTX.*|GTX.*|TPU.*|GPUs?|CPUs?|iPhone.*|Snapdragon.*|Xeon.*|Jetson.*|Raspberry.*|FPGAs?)$"
)


def is_common(name: str) -> bool:
    """Whether it is an abbreviation or word of a whole field, a known model, or hardware."""
    return name in COMMON or name.removesuffix("s") in COMMON or bool(MODEL.match(name) or HARDWARE.match(name))
