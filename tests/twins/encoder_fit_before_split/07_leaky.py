from pyspark.ml import Pipeline
from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("bank").getOrCreate()
df = spark.read.csv("bank.csv", header=True, inferSchema=True)

indexer = StringIndexer(inputCol="job", outputCol="job_index", handleInvalid="keep")
assembler = VectorAssembler(inputCols=["age", "balance", "job_index"], outputCol="features")
forest = RandomForestClassifier(labelCol="deposit", featuresCol="features")
df = indexer.fit(df).transform(df)  # LEAK
train, test = df.randomSplit([0.8, 0.2], seed=42)
model = Pipeline(stages=[assembler, forest]).fit(train)
print(BinaryClassificationEvaluator(labelCol="deposit").evaluate(model.transform(test)))
