"""What tells the task of a model: estimators, losses, metrics, datasets and heads, each with a weight.

A task is believed from weight 3 on, so one estimator of a task suffices and one metric does not. `classification` is
not a task yet: `learning_tasks` settles whether it is binary, multiclass, of text or of images.
"""

from __future__ import annotations

import re

Signal = tuple[str, int, re.Pattern[str]]
BELIEVED = 3


def _names(task: str, weight: int, pattern: str) -> Signal:
    return task, weight, re.compile(pattern)


NAMES: tuple[Signal, ...] = (
    _names("regression", 3, r"(?:^|\.)(?!.*(?:KNeighborsTransformer))\w*Regressor$|\.(?:LinearRegression|Ridge|RidgeCV|Lasso|LassoCV|"
           r"LassoLars\w*|ElasticNet|ElasticNetCV|"
           r"BayesianRidge|ARDRegression|SVR|LinearSVR|NuSVR|KernelRidge|PLSRegression|IsotonicRegression)$"),
    _names("regression", 3, r"^statsmodels\..*\.(?:OLS|ols|WLS|GLS|RLM|mixedlm)$|^(?:linear_model|svm)\.(?:LinearRegression|Ridge|"
           r"Lasso|SVR)$"),
    _names("regression", 2, r"\.(?:mean_squared_error|root_mean_squared_error|mean_squared_log_error|mean_absolute_percentage_error)$"),
    _names("regression", 2, r"\.(?:r2_score|explained_variance_score)$"),
    _names("regression", 1, r"\.(?:mean_absolute_error|median_absolute_error)$"),
    _names("regression", 1, r"(?:^|\.)(?:MSELoss|L1Loss|SmoothL1Loss|HuberLoss)$"),
    _names("regression", 3, r"\.(?:load_boston|fetch_california_housing|load_diabetes|make_regression)$|\.datasets\.boston_housing\b|"
           r"\bRegressionEvaluator$"),
    _names("classification", 3, r"(?:^|\.)(?!Zero)\w*Classifier(?:CV)?$|\.(?:LogisticRegression|LogisticRegressionCV|SVC|LinearSVC|"
           r"NuSVC|GaussianNB|MultinomialNB|BernoulliNB|"
           r"ComplementNB|CategoricalNB|NaiveBayes|LinearDiscriminantAnalysis|QuadraticDiscriminantAnalysis|Perceptron|"
           r"NearestCentroid|Logit|make_classification|make_moons|make_circles)$"),
    _names("classification", 2, r"\.(?:classification_report|confusion_matrix|ConfusionMatrixDisplay|roc_auc_score|roc_curve|f1_score|"
           r"balanced_accuracy_score|"
           r"plot_confusion_matrix|plot_roc_curve|matthews_corrcoef|cohen_kappa_score|precision_recall_curve|average_precision_score)$"),
    _names("classification", 1, r"\.(?:accuracy_score|precision_score|recall_score|log_loss)$"),
    _names("classification", 2, r"(?:^|\.)(?:CrossEntropyLoss|cross_entropy|NLLLoss|nll_loss|BCELoss|BCEWithLogitsLoss|"
           r"binary_cross_entropy\w*|SparseCategoricalCrossentropy|"
           r"CategoricalCrossentropy|BinaryCrossentropy|softmax_cross_entropy\w*|sparse_softmax_cross_entropy\w*|"
           r"sigmoid_binary_cross_entropy)$"),
    _names("classification", 2, r"\b(?:Multiclass|Binary)ClassificationEvaluator$|^torchmetrics(?:\.\w+)*\.(?:Accuracy|F1Score|AUROC|"
           r"\w*Accuracy)$"),
    _names("binary", 2, r"(?:^|\.)(?:BCELoss|BCEWithLogitsLoss|binary_cross_entropy\w*|BinaryCrossentropy|"
           r"BinaryClassificationEvaluator|BinaryAccuracy|BinaryAUROC|load_breast_cancer|make_moons|make_circles|Logit)$"),
    _names("multiclass", 2, r"\.(?:load_iris|load_wine|load_digits|fetch_covtype|SparseCategoricalCrossentropy|"
           r"CategoricalCrossentropy|MulticlassClassificationEvaluator|"
           r"OneVsRestClassifier|OneVsOneClassifier|label_binarize|to_categorical)$"),
    _names("multilabel_classification", 3, r"\.(?:MultiLabelBinarizer|MultiOutputClassifier|ClassifierChain|hamming_loss)$"),
    _names("clustering", 3, r"(?:^|\.)(?:KMeans|MiniBatchKMeans|DBSCAN|HDBSCAN|OPTICS|AgglomerativeClustering|SpectralClustering|"
           r"AffinityPropagation|MeanShift|Birch|"
           r"GaussianMixture|BayesianGaussianMixture|BisectingKMeans|KPrototypes|KModes|KMedoids)$|^sklearn\.cluster(?:\.\*)?$"),
    _names("clustering", 2, r"\.(?:silhouette_score|silhouette_samples|davies_bouldin_score|calinski_harabasz_score|KElbowVisualizer|"
           r"linkage|dendrogram)$"),
    _names("anomaly_detection", 3, r"(?:^|\.)(?:IsolationForest|OneClassSVM|LocalOutlierFactor|EllipticEnvelope)$|^pyod\.|"
           r"^alibi_detect\.od"),
    _names("recommendation", 3, r"^(?:surprise|implicit|lightfm|recbole|reclist|tensorflow_recommenders|torchrec|spotlight|"
           r"cornac)(?:\.|$)|^pyspark\.ml\.recommendation|\.ALS$"),
    _names("time_series_forecasting", 3, r"^(?:prophet|fbprophet|neuralprophet|pmdarima|darts|gluonts|statsforecast|mlforecast|"
           r"neuralforecast|pytorch_forecasting|sktime\.forecasting)(?:\.|$)|"
           r"(?:^|\.)(?:ARIMA|SARIMAX|auto_arima|ExponentialSmoothing|SimpleExpSmoothing|Holt|VAR|VARMAX|AutoReg|TimeSeriesDataSet)$"),
    _names("time_series_forecasting", 2, r"\.(?:TimeseriesGenerator|timeseries_dataset_from_array|adfuller|plot_acf|plot_pacf|"
           r"seasonal_decompose|acf|pacf)$"),
    _names("object_detection", 3, r"^(?:ultralytics|detectron2|mmdet|yolov5|torchvision\.models\.detection|effdet|"
           r"object_detection)(?:\.|$)|(?:fasterrcnn|maskrcnn|retinanet|ssd300)_\w+$|"
           r"AutoModelForObjectDetection$|DetrForObjectDetection$|(?:^|\.)(?:YOLO|MeanAveragePrecision)$"),
    _names("object_detection", 2, r"(?:^|\.)(?:non_max_suppression|nms|batched_nms|bbox_iou|box_iou|generalized_box_iou)$"),
    _names("image_segmentation", 3, r"^(?:segmentation_models|segmentation_models_pytorch|mmseg|"
           r"torchvision\.models\.segmentation)(?:\.|$)|(?:deeplabv3|fcn|lraspp)_\w+$|ForSemanticSegmentation$|"
           r"(?:^|\.)(?:UNet\w*|U_Net|Unet|unet_learner|SegmentationDataLoaders|DiceLoss|dice_coef\w*|dice_loss|dice_coeff)$"),
    _names("image", 3, r"^torchvision\.datasets\.(?:MNIST|FashionMNIST|KMNIST|EMNIST|CIFAR10|CIFAR100|SVHN|STL10|ImageNet|ImageFolder|"
           r"Flowers102|Food101|OxfordIIITPet|Caltech\w+|StanfordCars)$|"
           r"\.datasets\.(?:mnist|fashion_mnist|cifar10|cifar100)\b|(?:^|\.)(?:mnist|fashion_mnist|cifar10|cifar100)\.load_data$|(?:image_dataset_from_directory|flow_from_directory|"
           r"flow_from_dataframe)$|AutoModelForImageClassification$|"
           r"ForImageClassification$|^fastai\.vision|(?:^|\.)(?:ImageDataLoaders|cnn_learner|vision_learner)$|\.fetch_openml_mnist|"
           r"^timm(?:\.create_model)?$|^kaggle\.mnist"),
    _names("image", 2, r"(?:^|\.)(?:Conv2D|Conv2d|Convolution2D|MaxPooling2D|MaxPool2d|SpatialConvolution|conv2d|SeparableConv2D|"
           r"DepthwiseConv2D)$|^flax\.linen\.Conv$"),
    _names("image", 2, r"(?:^|\.)(?:[rR]es[nN]et\w*|ResNet\d*\w*|vgg\d+\w*|VGG\d+|efficientnet\w*|EfficientNet\w+|mobilenet\w*|"
           r"MobileNet\w*|InceptionV3|inception_v3|Xception|densenet\w+|DenseNet\d+|"
           r"ViT\w*|VisionTransformer|AlexNet|alexnet|LeNet\w*|convnext\w*|ConvNeXt\w*)$|torchvision\.models(?:\.|$)"),
    _names("image", 2, r"(?:^|\.)decode_predictions$"),
    _names("image", 1, r"(?:^|\.)(?:ImageDataGenerator|RandomHorizontalFlip|RandomResizedCrop|ToPILImage|Resize|load_img|img_to_array)$"),
    _names("text", 3, r"(?:ForSequenceClassification|TFAutoModelForSequenceClassification)$|(?:load_imdb|fetch_20newsgroups|"
           r"datasets\.imdb\b|datasets\.reuters\b|AG_NEWS|train_supervised)$|"
           r"(?:^|\.)(?:TextClassifier|text_classifier_learner|TextDataLoaders)$|\.datasets\.(?:IMDB|AG_NEWS|SST\w*|YelpReview\w*|"
           r"DBpedia)$"),
    _names("text", 3, r"(?:^|\.)(?:TfidfVectorizer|CountVectorizer|HashingVectorizer|TfidfTransformer|HashingTF|TextVectorization|"
           r"texts_to_sequences|VocabularyProcessor)$"),
    _names("text", 2, r"^transformers\.(?:\w+\.)*(?:Bert|Roberta|DistilBert|Albert|XLNet|Electra|Deberta\w*|XLMRoberta|Auto)(?:Model|"
           r"TokenizerFast|Tokenizer)$|^transformers\.BertTokenizer\w*$|"
           r"^tensorflow_text(?:\.|$)|\.pad_sequences$|\.(?:text\.)?Tokenizer$|^nltk\.(?:stem|corpus)|(?:PorterStemmer|"
           r"WordNetLemmatizer|stopwords)$|^torchtext\."),
    _names("language_modeling", 3, r"(?:AutoModelForCausalLM|GPT2LMHeadModel|AutoModelForMaskedLM|BertForMaskedLM|RobertaForMaskedLM|"
           r"LlamaForCausalLM|DataCollatorForLanguageModeling|BertForPreTraining)$|"
           r"^trl\.|(?:^|\.)(?:GPT|GPT2|GPTLanguageModel|BigramLanguageModel|TransformerLM|LanguageModel|RNNLM|NanoGPT|CharRNN|"
           r"CharDataset|Llama|LLaMA)$|^fairseq\.models\.transformer_lm"),
    _names("language_modeling", 2, r"(?:^|\.)sequence_loss_by_example$"),
    _names("language_modeling", 2, r"^tiktoken(?:\.|$)|^peft(?:\.|$)"),
    _names("named_entity_recognition", 3, r"ForTokenClassification$|^seqeval(?:\.|$)|(?:^|\.)(?:SequenceTagger|CRF)$|^sklearn_crfsuite"),
    _names("question_answering", 3, r"ForQuestionAnswering$|ForMultipleChoice$"),
    _names("machine_translation", 3, r"(?:^|\.)(?:MarianMTModel|MBartForConditionalGeneration|Multi30k|WMT\w*|IWSLT\w*)$|"
           r"^sacrebleu(?:\.|$)"),
    _names("machine_translation", 2, r"(?:^|\.)(?:corpus_bleu|bleu_score|Seq2Seq|Seq2Seq\w+|EncoderDecoder)$"),
    _names("summarization", 2, r"^rouge(?:_score)?(?:\.|$)"),
    _names("summarization", 3, r"(?:^|\.)(?:PegasusForConditionalGeneration|BartForConditionalGeneration)$"),
    _names("text_generation", 3, r"(?:^|\.)(?:TextGenerator|generate_text)$"),
    _names("speech_recognition", 3, r"^(?:whisper|speechbrain|espnet|nemo_asr|deepspeech|jiwer)(?:\.|$)|ForCTC$|"
           r"WhisperForConditionalGeneration$|(?:^|\.)CTCLoss$"),
    _names("image_generation", 3, r"^diffusers(?:\.|$)|(?:^|\.)(?:GAN|DCGAN|WGAN\w*|CycleGAN|StyleGAN\w*|DDPM|DDIM|GaussianDiffusion|"
           r"UNetModel|NoiseScheduler|DDPMScheduler|Discriminator|NetD|NLayerDiscriminator)$"),
    _names("image_captioning", 3, r"(?:^|\.)(?:CocoCaptions|EncoderCNN|DecoderRNN|pycocoevalcap)(?:\.|$)"),
    _names("super_resolution", 3, r"(?:^|\.)(?:SRCNN|ESPCN|SRGAN|SRResNet|RRDBNet|PixelShuffle)$"),
    _names("style_transfer", 3, r"(?:^|\.)(?:gram_matrix|TransformerNet|StyleTransfer\w*)$"),
    _names("reinforcement_learning", 3, r"^(?:gym|gymnasium|stable_baselines3?|tf_agents|pettingzoo|rllib|ray\.rllib|dopamine|cleanrl|"
           r"mujoco_py|dm_control|minigrid|procgen)(?:\.|$)|"
           r"(?:^|\.)(?:DQN|PPO|A2C|SAC|DDPG|TD3|ReplayBuffer|ReplayMemory|QLearning\w*)$"),
    _names("node_classification", 3, r"(?:^|\.)(?:Planetoid|GCNConv|GATConv|SAGEConv|GraphConv|GraphConvolution|CoraGraphDataset|"
           r"CoraDataset|CiteseerGraphDataset|PubmedGraphDataset|GCN|GAT|"
           r"NodePropPredDataset|DglNodePropPredDataset|PygNodePropPredDataset|SpGAT|GraphSAGE|GraphAttentionLayer|"
           r"FullBatchNodeGenerator|NeighborLoader|load_cora)$"),
    _names("link_prediction", 3, r"(?:^|\.)(?:LinkPropPredDataset|PygLinkPropPredDataset|DglLinkPropPredDataset|RandomLinkSplit|"
           r"train_test_split_edges|negative_sampling|GAE|VGAE|TransE|RotatE)$"),
    _names("graph_classification", 3, r"(?:^|\.)(?:TUDataset|global_mean_pool|global_add_pool|PygGraphPropPredDataset|GINDataset|"
           r"MoleculeNet)$"),
    _names("ranking", 3, r"(?:^|\.)(?:LGBMRanker|XGBRanker|CatBoostRanker|ndcg_score)$|^tensorflow_ranking"),
    _names("survival_analysis", 3, r"^(?:lifelines|sksurv|pycox)(?:\.|$)"),
    _names("topic_modeling", 3, r"(?:^|\.)(?:LatentDirichletAllocation|LdaModel|LdaMulticore|BERTopic|ldamodel)$"),
    _names("semantic_similarity", 3, r"^sentence_transformers\.(?:losses|SentenceTransformerTrainer|InputExample)"),
    _names("pose_estimation", 3, r"^mediapipe\.solutions\.pose|keypointrcnn_\w+$|(?:^|\.)OpenPose$"),
    _names("face_recognition", 3, r"^(?:face_recognition|facenet_pytorch|deepface|insightface)(?:\.|$)"),
    _names("audio_classification", 3, r"ForAudioClassification$|^torchaudio\.datasets\.SPEECHCOMMANDS|(?:^|\.)SPEECHCOMMANDS$"),
    _names("audio_classification", 2, r"(?:^|\.)(?:mfcc|melspectrogram|MelSpectrogram|MFCC)$"),
)  # fmt: skip
"""Matched against dotted names of what is imported, called or defined."""

STRINGS: tuple[Signal, ...] = (
    _names("binary", 2, r"^(?:binary_crossentropy|binary|binary:logistic|binary:logitraw|roc_auc|areaUnderROC|binary_logloss|Logloss)$"),
    _names("classification", 2, r"^(?:binary_crossentropy|categorical_crossentropy|sparse_categorical_crossentropy|binary:logistic|"
           r"multi:softmax|multi:softprob|multiclass|f1_macro|f1_weighted|roc_auc)$"),
    _names("multiclass", 2, r"^(?:categorical_crossentropy|sparse_categorical_crossentropy|multi:softmax|multi:softprob|multiclass|"
           r"multi_logloss|MultiClass|ovr|ovo|roc_auc_ovr)$"),
    _names("regression", 2, r"^(?:mean_squared_error|mse|reg:squarederror|reg:linear|neg_mean_squared_error|"
           r"neg_root_mean_squared_error|neg_mean_absolute_error|l2_root|regression|rmse|mae)$"),
    _names("image", 3, r"(?i)^(?:mnist|fashion[_-]?mnist|cifar-?100?|imagenet(?:2012|-1k)?|imagenet21k|tf_flowers|cats_vs_dogs|"
           r"svhn_cropped|uoft-cs/cifar10|ylecun/mnist)$"),
    _names("text", 3, r"(?i)^(?:glue|cola|sst-?2|imdb|ag_news|yelp_(?:review_full|polarity)|dbpedia_14|dair-ai/emotion|tweet_eval|"
           r"stanfordnlp/imdb|imdb_reviews|amazon_polarity|text-classification|sentiment-analysis)$"),
    _names("language_modeling", 3, r"(?i)^(?:wikitext(?:-\d+.*)?|openwebtext|tinyshakespeare|ptb_text_only|c4|the_pile|(?:[\w./-]{0,40}/)?tinyshakespeare(?:/input\.txt)?|"
           r"tiny_shakespeare|causal_lm)$|\bgpt2(?:-(?:medium|large|xl))?$"),
    _names("question_answering", 3, r"(?i)^(?:squad(?:_v2)?|question-answering|natural_questions|triviaqa)$"),
    _names("named_entity_recognition", 3, r"(?i)^(?:conll2003|conll-2003|wikiann|ner|token-classification)$"),
    _names("machine_translation", 3, r"(?i)^(?:wmt1\d(?:[/_].*)?|opus_books|opus100|multi30k|iwslt.*|translation_\w\w_to_\w\w|"
           r"europarl.*)$"),
    _names("summarization", 3, r"(?i)^(?:cnn_dailymail|xsum|samsum|summarization|billsum)$"),
    _names("time_series_forecasting", 2, r"^-{0,2}(?:pred_len|horizon|forecast_\w{1,30}|look_?back\w{0,20}|prediction_length|n_lags)$"),
    _names("time_series_forecasting", 1, r"^(?:Adj\.? )?Close$"),
    _names("object_detection", 3, r"(?i)^(?:yolov?\d+\w?\.(?:pt|yaml|cfg|weights)|coco128\.yaml|coco_instances\w*|object-detection)$"),
    _names("image_segmentation", 3, r"(?i)^(?:cityscapes|ade20k|oxford_iiit_pet:\d.*|image-segmentation|carvana)$"),
    _names("node_classification", 3, r"(?i)^(?:cora|citeseer|pubmed|ogbn-\w+|cora\.(?:cites|content))$|\bcora\.(?:cites|content)\b|"
           r"/cora/?$"),
    _names("recommendation", 3, r"(?i)^(?:movielens(?:[-/].*)?|ml-(?:100k|1m|20m|25m|latest(?:-small)?))$|\bml-(?:100k|1m|"
           r"latest-small)\b"),
    _names("speech_recognition", 3, r"(?i)^(?:librispeech(?:_asr)?|common_voice|automatic-speech-recognition|timit(?:_asr)?)$"),
    _names("reinforcement_learning", 3, r"^(?:CartPole|LunarLander|MountainCar|Pendulum|FrozenLake|Taxi|Acrobot|BipedalWalker|"
           r"Breakout|Pong|HalfCheetah|Ant|Hopper)\w*-v\d$"),
)  # fmt: skip
"""Matched against whole string literals."""

FOREIGN: tuple[Signal, ...] = (
    _names("binary", 2, r"binary_crossentropy|family\s*=\s*[\"']?(?:stats::)?binomial|binary:logistic|\bBCECriterion|twoClassSummary|"
           r"logitbinarycrossentropy|mode\s*=\s*\"classification\"|roc_auc\("),
    _names("classification", 3, r"\b(?:method|type)\s*=\s*[\"']class[\"']|\bas\.factor\(\w{1,40}\)\s*~"),
    _names("classification", 3, r"binary_crossentropy|categorical_crossentropy|family\s*=\s*[\"']?(?:stats::)?binomial|"
           r"set_mode\(\s*\"classification\"|logistic_reg\(|(?:multi|binary):(?:soft|logi)|\bconfusionMatrix\(|logitcrossentropy|"
           r"\bnaiveBayes\(|logitbinarycrossentropy"),
    _names("multiclass", 2, r"[^_]categorical_crossentropy|multi:soft|multinom\(|multiClassSummary|logitcrossentropy|\biris\b|"
           r"onehotbatch"),
    _names("regression", 3, r"\blm\(|set_mode\(\s*\"regression\"|linear_reg\(|loss\s*=\s*\"(?:mse|mean_squared_error)\"|"
           r"metric\s*=\s*\"RMSE\"|reg:(?:squarederror|linear)|objective\s*=\s*\"regression\"|Flux\.mse|Flux\.Losses\.mse|\bmse\(\s*m"),
    _names("clustering", 3, r"\b(?:kmeans|hclust|dbscan|pam|Mclust)\("),
    _names("time_series_forecasting", 3, r"\b(?:auto\.arima|arima|ets|prophet|tslm|hw|forecast)\(|\bmodel\(.*ARIMA\("),
    _names("language_modeling", 3, r"\bvocab_size\b|\bvocab_mapping\b|LanguageModel"),
    _names("image", 3, r"dataset_mnist\(|dataset_cifar|dataset_fashion_mnist|\bMNIST\b|CIFAR10\b|\bcifar100?\b|\bimagenet\b|SpatialConvolution\b|layer_conv_2d\("),
    _names("image_generation", 2, r"SpatialFullConvolution\("),
    _names("text", 3, r"layer_text_vectorization|text_tokenizer\(|\bdataset_imdb\("),
    _names("recommendation", 3, r"\bRecommender\(|recommenderlab"),
    _names("survival_analysis", 3, r"\bcoxph\(|\bSurv\("),
    _names("reinforcement_learning", 3, r"ReinforcementLearning\b|\bQlearning"),
)  # fmt: skip
"""Matched against lines of R, Julia, Lua and Scala."""

BINARY_WORDS = re.compile(
    r"(?i)(?:^|[^a-z])(?:titanic|survived|exited|purchased|churn(?:ed)?|fraud\w*|is_?fraud|spam|attrition|loan_status|default(?:er|"
    r"ed)_?\w*payment\w*|heart_?disease|breast_?cancer|malignant|"
    r"credit_?risk|click(?:ed)?_?through|ctr|phishing|malware|sepsis|stroke|diabetic|hypertension|toxic|income_?bracket|bankrupt\w*|"
    r"death_event|readmi\w+|subscribed|pima|"
    r"cats?_?(?:vs|and)_?dogs?|is_(?:fraud|spam|duplicate|clicked|churn|canceled|default\w*))(?:[^a-z]|$)"
)
MULTICLASS_WORDS = re.compile(
    r"(?i)(?:^|[^a-z])(?:iris|species|penguins?|wine_?(?:type|class|cultivar)|digits?|covtype|crop|genre|"
    r"setosa|versicolor|virginica|emotion|drug_?type|obesity)(?:[^a-z]|$)"
)
"""Words of well-known data sets and targets that settle two classes against many; looked for in names, not in sentences."""
DOMAIN_WORDS: tuple[Signal, ...] = (
    _names("recommendation", 3, r"(?i)recommender|rec_?sys|collaborative_?filter|movielens|matrix_?factori[sz]ation"),
    _names("recommendation", 2, r"(?i)recommend(?:ation|_|$)"),
    _names("recommendation", 2, r"[A-Za-z0-9]Rec(?:$|[^a-z])"),
    _names("time_series_forecasting", 2, r"(?i)(?:^|[^a-z])forecast(?:er|ing|s)?(?:[^a-z]|$)|time[_ -]?(?:series|features)|look_?back|stock_?(?:price|"
           r"predict)"),
    _names("anomaly_detection", 3, r"(?i)anomal(?:y|ies|ous)|outlier[_-]?detect"),
    _names("text", 2, r"(?i)sentiment|text[_-]?classif|spam|fake_?news|toxic_?comment|clean_?text|tweets?(?:[^a-z]|$)|review_?text"),
    _names("text", 3, r"(?i)text_?(?:cnn|rnn|lstm|gru|clf)(?:[^a-z]|$)"),
    _names("image", 2, r"(?i)(?:^|[^a-z])(?:(?:fashion|k)?[_-]?mnist|cifar[_-]?100?|imagenet|fer[_-]?2013)(?:[^a-z]|$)"),
    _names("node_classification", 3, r"(?i)graph_?sage|(?<![a-z])gcn(?![a-z])|planetoid|node_?classif"),
    _names("image", 1, r"(?i)(?:^|[^a-z])images?(?:[^a-z]|$)"),
    _names("image_generation", 3, r"(?:^|[^A-Za-z])(?:[cC]onv|[cC]|[bB]eta|VQ|vq)?[-_]?(?:VAE|vae)(?:[^a-z]|$)"),
    _names("image_generation", 3, r"(?i)(?:^|[^a-z])(?:dc|w|cycle|style|c|ac|info|big|pro|ls|cond|conditional_)?gans?(?:[^a-z]|$)"),
    _names("image", 2, r"(?i)image[_-]?classif|image_?size|img_?size|input_?images?"),
    _names("image_segmentation", 2, r"(?i)segmentation_?(?:mask|model|head)|semantic_?seg|(?:^|[^a-z])masks?_?(?:path|dir|pred)"),
    _names("object_detection", 2, r"(?i)object[_-]?detect|bounding_?box|bboxes|anchor_?box"),
    _names("machine_translation", 3, r"(?i)machine[_-]?translation|(?:^|[^a-z])nmt(?:[^a-z]|$)|(?:^|[^a-z])translate_?(?:sentence|text)|src_?vocab|trg_?vocab|"
           r"tgt_?vocab"),
    _names("reinforcement_learning", 2, r"(?i)reinforce(?:ment)?(?:_|$|[^a-z])|epsilon_?greedy|q_?(?:table|learning|network)|"
           r"replay_?(?:buffer|memory)"),
    _names("language_modeling", 3, r"(?i)text_?gen(?:erat\w+)?(?:[^a-z]|$)|textgen\w+|char[_-]?rnn|word[_-]?rnn|language_?model(?:l?ing)?_?train|"
           r"(?:char|nano|mini?)gpt|(?:^|[^a-z])gpt[_-]?2(?:[^0-9]|$)"),
    _names("language_modeling", 2, r"(?i)language_?model|block_?size"),
    _names("named_entity_recognition", 2, r"(?i)named_?entit|(?:^|[^a-z])ner_?tag"),
    _names("question_answering", 2, r"(?i)question_?answer"),
    _names("summarization", 2, r"(?i)summari[sz]ation"),
    _names("speech_recognition", 2, r"(?i)speech_?(?:recog|to_?text)|transcri(?:be|ption)"),
    _names("style_transfer", 3, r"(?i)style[_-]?transfer|neural[_-]?style"),
    _names("super_resolution", 2, r"(?i)super_?res"),
)  # fmt: skip
"""Matched against names of functions, classes, files and folders: what people call the task in their own code. Words that
programs of every kind use (`get_recommendations` of a report, `block_size`) are not believed alone."""

PARAMETERS: tuple[Signal, ...] = (
    _names("recommendation", 2, r"(?i)^(?:n|num)_?(?:users|items)$|^(?:user|item)_?(?:num|count)$|^user_?item"),
)  # fmt: skip
"""Matched against parameters of functions."""
