"""Where the files of a large form wait until a page reads them: encrypted on the disk, never in clear there."""

from __future__ import annotations

from typing import IO, Any, Final, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from kesu.core.spool import Spool

_IN_MEMORY: Final = 64 * 1024
"""Bytes of each file. A request holds at most 20."""


class SpoolUploadHandler(FileUploadHandler):
    """In place of the framework's, which writes each file under a name, in clear, where a process that is killed leaves
    it."""

    _spool: Spool | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._spool = Spool(_IN_MEMORY)

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        if self._spool is not None:
            self._spool.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        spool, self._spool = self._spool, None
        if spool is None:
            return None
        spool.seek(0)
        about = (self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)
        return UploadedFile(cast("IO[bytes]", spool), *about)

    def upload_interrupted(self) -> None:
        if self._spool is not None:
            self._spool.close()
