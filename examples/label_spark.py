"""Label a file or a folder of rows on a Spark cluster.

    spark-submit examples/label_spark.py IN OUT [--text-column NAME] [--target-column NAME]
        [--model PATH] [--flat] [--format FORMAT] [--output-format FORMAT]

IN and OUT are anything that Spark reads and writes: s3a://, hdfs://, a local path.  The format of each is told
from the ending of its name, or by --format and --output-format; OUT becomes a folder with a file for each partition.
docs/clusters.md tells how to bring stance to the workers.
"""

import argparse
import sys
from pathlib import PurePosixPath

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from stance.errors import DataError, StanceError
from stance.spark import label

FORMATS = {"jsonl": "json", "json": "json", "csv": "csv", "parquet": "parquet"}
READING = {"csv": {"header": True, "multiLine": True, "escape": '"'}}
WRITING = {"csv": {"header": True, "escape": '"'}}


def format_of(name: str, given: str | None) -> str:
    """Return the name by which Spark knows a file's format."""
    ending = given or PurePosixPath(name).suffix.removeprefix(".")
    if ending not in FORMATS:
        raise DataError(f"{name}: the format is not known by its ending; name one of {', '.join(FORMATS)}")
    return FORMATS[ending]


def label_file(spark: SparkSession, options: argparse.Namespace, read_as: str, write_as: str) -> None:
    """Read, label, write."""
    rows = spark.read.format(read_as).options(**READING.get(read_as, {})).load(options.input)
    labelled = label(
        rows,
        options.text_column,
        target_column=options.target_column,
        model=options.model,
        flat=options.flat or write_as == "csv",  # cells hold no lists
    )
    labelled.write.format(write_as).options(**WRITING.get(write_as, {})).save(options.output)


def main() -> int:
    """Run the job; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("input", metavar="IN")
    parser.add_argument("output", metavar="OUT")
    parser.add_argument("--text-column", default="text", metavar="NAME", help="default: text")
    parser.add_argument("--target-column", metavar="NAME", help="for models that were trained with targets")
    parser.add_argument("--model", metavar="PATH", help="default: the one installed with stance")
    parser.add_argument("--flat", action="store_true", help="no lists and structs; always so for CSV")
    parser.add_argument("--format", choices=FORMATS, help="of IN (default: by its ending)")
    parser.add_argument("--output-format", choices=FORMATS, help="of OUT (default: by its ending)")
    options = parser.parse_args()
    try:
        formats = (
            format_of(options.input, options.format),
            format_of(options.output, options.output_format),
        )
        with SparkSession.builder.appName("stance").getOrCreate() as spark:
            label_file(spark, options, *formats)
    except (StanceError, AnalysisException) as error:
        sys.stderr.write(f"label_spark: {' '.join(str(error).split())}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
