"""Finding the files of a dataset, unpacking them, and taking their measure before a query engine opens them.

One streaming pass over each file computes its fingerprint and whatever the readers must know: how many lines,
the longest line, whether quotes or NUL bytes occur, whether all of it is UTF-8. DuckDB reads a cut-off .gz or
.zst file to its cut without a word, so that is found here; and it sees a byte that is not UTF-8 only in the
columns that it is asked for, so that a count of rows and a reading of them may differ.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import zlib
from codecs import getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import duckdb

from pipelines.engine import sql_text
from pipelines.ingest.errors import FileFaultError, input_errors
from pipelines.ingest.mapping import DATASET_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK_BYTES = 1 << 20
MAX_LINE_BYTES = 1_000_000
SUFFIX_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
PACKED = (".gz", ".zst")
SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
_MAGIC = (
    (b"PAR1", "a Parquet file", "Name it .parquet."),
    (b"\x1f\x8b", "gzip data", "Name it .csv.gz or .jsonl.gz."),
    (b"\x28\xb5\x2f\xfd", "zstd data", "Name it .csv.zst or .jsonl.zst."),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "Unpack it, or save the sheet as CSV."),
    (b"SQLite format 3", "an SQLite database", "Export its tables as CSV."),
    (b"%PDF", "a PDF", "Export the data as CSV."),
)
_CONTROL_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r")
_BINARY_SHARE = 0.05  # random bytes have a tenth of them control bytes, text with a stray one far fewer
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class InputFile:
    """One file that feeds a table.

    Attributes:
        path: Where it is.
        name: Its path relative to the dataset, for messages.
        file_format: csv, jsonl or parquet.
        packing: "", ".gz" or ".zst".
    """

    path: Path
    name: str
    file_format: str
    packing: str

    @property
    def is_tab_separated(self) -> bool:
        """Whether the name says that tabs separate the columns."""
        return ".tsv" in self.path.suffixes[-2:]


@dataclass(frozen=True)
class Measured:
    """A file after the first pass.

    Attributes:
        plain: The unpacked bytes: the file itself or a scratch copy.
        fingerprint: SHA-256 of the file as it is stored, in hexadecimal.
        lines: Lines of a text file, the last counted with or without its line break.
        longest_line_bytes: The longest of them.
        has_quotes: Whether a double quote occurs.
        has_nul: Whether a NUL byte occurs.
        is_utf8: Whether all of a text file is UTF-8.
        first_bytes: The beginning, up to 64 kB.
    """

    plain: Path
    fingerprint: str
    lines: int = 0
    longest_line_bytes: int = 0
    has_quotes: bool = False
    has_nul: bool = False
    is_utf8: bool = True
    first_bytes: bytes = b""


class Utf16Error(FileFaultError):
    """The file is UTF-16 text, and nobody said so."""

    def __init__(self) -> None:
        super().__init__("is UTF-16 text.", 'Save it as UTF-8, or add encoding = "utf-16" to its section.')


def format_of(path: Path) -> tuple[str | None, str]:
    """The format and the packing that a file's name promises; the format is None for an unknown name."""
    packing = path.suffix.lower() if path.suffix.lower() in PACKED else ""
    inner = path.with_suffix("") if packing else path
    return SUFFIX_FORMATS.get(inner.suffix.lower()), packing


def stem_of(path: Path) -> str:
    """The name of a file without the endings of format and packing."""
    while path.suffix.lower() in SUFFIX_FORMATS or path.suffix.lower() in PACKED:
        path = path.with_suffix("")
    return path.name


def find_table_files(data_dir: Path, table: str) -> list[InputFile]:
    """The files of a table that goes by its own name: `table.csv` and so on, or a folder of such files."""
    found: list[InputFile] = []
    for entry in sorted(data_dir.iterdir()):
        if entry.is_dir() and entry.name == table:
            found.extend(_files_of_folder(entry, data_dir, None))
        elif entry.is_file() and stem_of(entry) == table:
            file_format, packing = format_of(entry)
            if file_format is not None:
                found.append(InputFile(entry, entry.name, file_format, packing))
    return found


def find_named_files(data_dir: Path, named: str, file_format: str | None) -> list[InputFile]:
    """The files that a mapping names: one file, a folder of files, or a pattern with * and ?.

    Raises:
        FileFaultError: When the name leads out of the dataset (whose mapping may be a stranger's), or when it
            says nothing about the format and the mapping does not either.
    """
    if Path(named).is_absolute() or ".." in Path(named).parts:
        raise FileFaultError(f"names {named!r}, which lies outside of the dataset.", "Put the file there.")
    paths = [data_dir / named] if (data_dir / named).exists() else sorted(data_dir.glob(named))
    found: list[InputFile] = []
    for path in paths:
        if path.is_dir():
            found.extend(_files_of_folder(path, data_dir, file_format))
            continue
        guessed, packing = format_of(path)
        chosen = file_format or guessed
        if chosen is None and path.suffix.lower() in SPREADSHEETS:
            raise FileFaultError("is a spreadsheet. Excel is not read;", "save each sheet as CSV.")
        if chosen is None:
            raise FileFaultError("has an ending that says nothing about its format.", 'Add format = "csv".')
        found.append(InputFile(path, _relative(path, data_dir), chosen, packing))
    return found


def _files_of_folder(folder: Path, data_dir: Path, file_format: str | None) -> list[InputFile]:
    files = []
    for path in sorted(folder.rglob("*")):
        guessed, packing = format_of(path)
        chosen = file_format or guessed
        if path.is_file() and chosen is not None and not path.name.startswith((".", "_")):
            files.append(InputFile(path, _relative(path, data_dir), chosen, packing))
    return files


def _relative(path: Path, data_dir: Path) -> str:
    return str(path.relative_to(data_dir)) if path.is_relative_to(data_dir) else str(path)


def list_names(data_dir: Path) -> list[str]:
    """What lies in a dataset, hidden files and the dataset.toml left out; folders end in a slash."""
    return [
        f"{entry.name}/" if entry.is_dir() else entry.name
        for entry in sorted(data_dir.iterdir())
        if not entry.name.startswith(".") and entry.name != DATASET_FILE
    ]


def measure(
    file: InputFile, scratch: Path, connection: duckdb.DuckDBPyConnection, encoding: str = "utf-8"
) -> Measured:
    """Unpack a file if it is packed, and take its measure in one pass.

    Args:
        file: The file.
        scratch: A folder for the unpacked copy.
        connection: Used to unpack zstd, which Python 3.11 cannot.
        encoding: The text encoding that the mapping names.

    Raises:
        FileFaultError: When the file cannot be read, is cut off, or is not what its name says.
    """
    with input_errors():
        plain = _unpacked(file, scratch, connection)
        fingerprint = _sha256(file.path)
        if file.file_format == "parquet":
            return Measured(plain, fingerprint)
        measured = _measure_text(plain, fingerprint)
    _refuse_foreign_bytes(measured, encoding)
    return measured


def _unpacked(file: InputFile, scratch: Path, connection: duckdb.DuckDBPyConnection) -> Path:
    if not file.packing:
        return file.path
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / f"unpacked-{len(list(scratch.iterdir()))}{file.path.with_suffix('').suffix}"
    if file.packing == ".gz":
        _unpack_gzip(file.path, target)
    else:
        _unpack_zstd(file, target, connection)
    return target


def _unpack_gzip(path: Path, target: Path) -> None:
    with gzip.open(path, "rb") as packed, target.open("wb") as plain:
        try:
            shutil.copyfileobj(packed, plain, CHUNK_BYTES)
        except (zlib.error, gzip.BadGzipFile) as error:
            raise FileFaultError(
                "is damaged: it cannot be unpacked.", "Copy or download it again."
            ) from error


def _unpack_zstd(file: InputFile, target: Path, connection: duckdb.DuckDBPyConnection) -> None:
    if file.file_format == "parquet":
        raise FileFaultError(
            "is Parquet inside zstd.", f"Unpack it first (`zstd -d {file.name}`); Parquet packs itself."
        )
    with file.path.open("rb") as stream:
        _refuse_cut_zstd(stream)
    connection.execute("SET VARIABLE source_path = $1", [str(file.path)])
    try:
        lines = connection.execute(sql_text("ingest/read_packed_lines"))
        with target.open("w", encoding="utf-8", newline="") as plain:
            while batch := lines.fetchmany(10_000):
                plain.writelines(f"{line}\n" for (line,) in batch)
    except duckdb.InvalidInputException as error:
        raise FileFaultError(
            "holds text that cannot be unpacked line by line (it is most likely not UTF-8).",
            f"Unpack it first: `zstd -d {file.name}`.",
        ) from error


def _refuse_cut_zstd(stream: IO[bytes]) -> None:
    """Walk the frames and blocks of zstd data without unpacking them.

    Raises:
        FileFaultError: When the data is not zstd or ends within a frame.

    References:
        RFC 8878, section 3.1: frame header, block header (3 bytes: last flag, type, size), checksum.
    """
    cut = FileFaultError("is cut off: the compressed data ends early.", "Copy or download it again.")
    size = stream.seek(0, 2)
    stream.seek(0)
    while stream.tell() < size:
        magic = int.from_bytes(stream.read(4), "little")
        if 0x184D2A50 <= magic <= 0x184D2A5F:  # skippable frame: four bytes of length, then that many bytes
            stream.seek(int.from_bytes(stream.read(4), "little"), 1)
            continue
        if magic != 0xFD2FB528:
            raise FileFaultError("is not zstd data.", "Check the name, or copy the file again.")
        descriptor = int.from_bytes(stream.read(1), "little")
        is_single_segment = bool(descriptor & 0x20)
        content_size_bytes = (int(is_single_segment), 2, 4, 8)[descriptor >> 6]
        dictionary_bytes = (0, 1, 2, 4)[descriptor & 0x03]
        stream.seek((not is_single_segment) + dictionary_bytes + content_size_bytes, 1)
        is_last = False
        while not is_last:
            header = stream.read(3)
            if len(header) < 3:
                raise cut
            block = int.from_bytes(header, "little")
            is_last, is_run = bool(block & 1), (block >> 1) & 3 == 1
            stream.seek(1 if is_run else block >> 3, 1)
        stream.seek(4 if descriptor & 0x04 else 0, 1)
        if stream.tell() > size:
            raise cut


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _measure_text(path: Path, fingerprint: str) -> Measured:
    lines = longest = since_break = 0
    has_quotes = has_nul = False
    first = last = b""
    utf8 = _Utf8()
    with path.open("rb") as stream:
        for chunk in _chunks(stream):
            utf8.see(chunk)
            first = first or chunk[:65536]
            last = chunk
            has_quotes = has_quotes or b'"' in chunk
            has_nul = has_nul or b"\0" in chunk
            breaks = chunk.count(b"\n")
            lines += breaks
            if breaks:
                longest = max(longest, since_break + chunk.index(b"\n"))
                since_break = len(chunk) - chunk.rindex(b"\n") - 1
            else:
                since_break += len(chunk)
            longest = max(longest, since_break)
    lines += bool(last) and not last.endswith(b"\n")
    return Measured(path, fingerprint, lines, longest, has_quotes, has_nul, utf8.is_whole(), first)


class _Utf8:
    """Whether pieces of a file are UTF-8 together; a character may lie across two of them."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")()
        self._is_broken = False

    def see(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Take the next piece; most are plain ASCII, which costs next to nothing."""
        is_between_characters = not self._decoder.getstate()[0]
        if self._is_broken or (is_between_characters and chunk.isascii()):
            return
        try:
            self._decoder.decode(chunk, is_last)
        except UnicodeDecodeError:
            self._is_broken = True

    def is_whole(self) -> bool:
        """Whether everything seen was UTF-8, the last character included."""
        self.see(b"", is_last=True)
        return not self._is_broken


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def _refuse_foreign_bytes(measured: Measured, encoding: str) -> None:
    first = measured.first_bytes
    for magic, what, remedy in _MAGIC:
        if first.startswith(magic):
            raise FileFaultError(f"holds {what}, not text.", remedy)
    if encoding == "utf-16":
        return
    if first.startswith(_UTF16_MARKS):
        raise Utf16Error
    if len(first) - len(first.translate(None, _CONTROL_BYTES)) > _BINARY_SHARE * len(first):
        raise FileFaultError("holds binary data, not text.", "Export it as CSV or JSON Lines in UTF-8.")
