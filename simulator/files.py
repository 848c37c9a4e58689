"""Files both ways: kept by content, named as the sender named them, sent again by their id."""

import hashlib
import mimetypes
import re
from base64 import urlsafe_b64encode
from pathlib import PurePosixPath
from typing import Any

from simulator import messages, pictures
from simulator.errors import ApiError, bad_request
from simulator.exchange import Exchange
from simulator.state import StoredFile
from simulator.validation import Upload

Json = dict[str, Any]

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_ALBUM = 10
PHOTO_SIZES = {"s": 90, "m": 320, "x": 800}
PREFIX = {"photo": "AgACAgUAAx", "document": "BQACAgUAAx", "video": "BAACAgUAAx", "voice": "AwACAgUAAx"}
FOLDER = {"photo": "photos", "document": "documents", "video": "videos", "voice": "voice"}
TOO_LARGE = ApiError(413, "Request Entity Too Large")


# Methods


def send_photo(x: Exchange, params: Json) -> Json:
    return _send_one(x, params, "photo")


def send_document(x: Exchange, params: Json) -> Json:
    return _send_one(x, params, "document")


def send_video(x: Exchange, params: Json) -> Json:
    return _send_one(x, params, "video")


def send_voice(x: Exchange, params: Json) -> Json:
    return _send_one(x, params, "voice")


def send_media_group(x: Exchange, params: Json) -> list[Json]:
    chat = x.reachable_chat(params["chat_id"])
    media = params["media"]
    _check_album(media)
    contents = []
    for one in media:
        file = _given(x, one["type"], one.get("media", ""))
        contents.append({**content_of(file), **messages.caption_content(one)})
    messages.take_place(x, chat, len(contents))
    album = {"media_group_id": x.world.next_album_id()} if len(contents) > 1 else {}
    return [messages.send(x, chat, params, {**album, **content}, count=0) for content in contents]


def get_file(x: Exchange, params: Json) -> Json:
    file = x.world.files.get(base_id(params["file_id"]))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    unique_id = file.unique_id + params["file_id"][len(file.file_id) :]
    return {
        "file_id": params["file_id"],
        "file_unique_id": unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


def _send_one(x: Exchange, params: Json, kind: str) -> Json:
    chat = x.reachable_chat(params["chat_id"])
    file = _given(x, kind, params[kind])
    return messages.send(x, chat, params, {**content_of(file), **messages.caption_content(params)})


def _check_album(media: list[Json]) -> None:
    if not media:
        raise bad_request("there are no messages to send")
    kinds = {one["type"] for one in media}
    if not kinds <= {"photo", "document", "video", "audio"}:
        raise bad_request(f'can\'t parse InputMedia: type "{min(kinds)}" is unsupported')
    if len(media) > LARGEST_ALBUM:
        raise bad_request("too many messages to send as an album")
    if "document" in kinds and len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")


def _given(x: Exchange, kind: str, value: "str | Upload") -> StoredFile:
    if isinstance(value, Upload):
        _check_size(kind, value)
        return keep(x, kind, value)
    file = x.world.files.get(base_id(value))
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


def _check_size(kind: str, upload: Upload) -> None:
    size = len(upload.content)
    if not size:
        raise bad_request("file must be non-empty")
    if size > LARGEST_UPLOAD:
        raise TOO_LARGE
    if kind == "photo":
        _check_photo(size, pictures.dimensions(upload.content))


def _check_photo(size: int, dimensions: tuple[int, int] | None) -> None:
    if size > LARGEST_PHOTO:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        )
    if dimensions is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = dimensions
    if width + height > 10_000 or max(dimensions) > 20 * max(min(dimensions), 1):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def attach(value: Any, uploads: dict[str, Upload]) -> Any:
    """Put the parts of a multipart request in the place of their `attach://` names."""
    match value:
        case str() if value.startswith("attach://"):
            return uploads.get(value.removeprefix("attach://"), value)
        case list():
            return [attach(one, uploads) for one in value]
        case dict():
            return {key: attach(one, uploads) for key, one in value.items()}
    return value


# What is kept


def keep(x: Exchange, kind: str, upload: Upload) -> StoredFile:
    """Store the content; the same content under the same name has the same ids, always."""
    sha256 = hashlib.sha256(upload.content).hexdigest()
    unique_id = "AgAD" + _short(kind, sha256)[:12]
    file_id = PREFIX[kind] + _short(kind, sha256, upload.name, upload.mime_type)
    known = x.world.files.get(file_id)
    if known is not None:
        return known
    width, height = pictures.dimensions(upload.content) or (0, 0)
    path = _path(x, kind, upload)
    x.store.put(sha256, upload.content)
    file = StoredFile(
        file_id, unique_id, kind, sha256, len(upload.content), upload.name, upload.mime_type, path, width, height
    )
    x.world.files[file_id], x.world.file_paths[path] = file, file_id
    x.changed()
    return file


def content_of(file: StoredFile) -> Json:
    """The file as it stands in a message."""
    if file.kind == "photo":
        return {"photo": _sizes(file)}
    told: Json = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size}
    match file.kind:
        case "video":
            told |= {"width": 640, "height": 360, "duration": 1}
        case "voice":
            told |= {"duration": 1}
    if file.name and file.kind != "voice":
        told["file_name"] = file.name
    return {file.kind: told | {"mime_type": file.mime_type}}


def base_id(file_id: str) -> str:
    """The stored file's id, without the letter of a photo's smaller size."""
    return file_id.rpartition("~")[0] if "~" in file_id else file_id


def named(name: str, mime_type: str | None, content: bytes) -> Upload:
    """An upload with the type its name suggests, where none is given."""
    guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Upload(name, guessed, content)


def _sizes(file: StoredFile) -> list[Json]:
    longest = max(file.width, file.height, 1)
    sizes = [_size(file, f"~{letter}", side / longest) for letter, side in PHOTO_SIZES.items() if side < longest]
    return [*sizes, _size(file, "", 1.0)]


def _size(file: StoredFile, suffix: str, scale: float) -> Json:
    return {
        "file_id": file.file_id + suffix,
        "file_unique_id": file.unique_id + suffix,
        "file_size": file.size,
        "width": max(round(file.width * scale), 1),
        "height": max(round(file.height * scale), 1),
    }


def _path(x: Exchange, kind: str, upload: Upload) -> str:
    ending = PurePosixPath(upload.name).suffix or mimetypes.guess_extension(upload.mime_type) or ""
    safe = ending if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", ending) else ""
    return f"{FOLDER[kind]}/file_{len(x.world.file_paths)}{safe}"


def _short(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
