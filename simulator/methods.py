"""All methods of the Bot API that the stand-in answers, by their name. Polling and webhook are `server`'s."""

from collections.abc import Callable
from typing import Any

from simulator import chats, commands, files, messages
from simulator.exchange import Exchange

Json = dict[str, Any]
Answer = Callable[[Exchange, Json], Any]

METHODS: dict[str, Answer] = {
    "getMe": chats.get_me,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "leaveChat": chats.leave_chat,
    "sendMessage": messages.send_message,
    "copyMessage": messages.copy_message,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "sendChatAction": messages.send_chat_action,
    "answerCallbackQuery": messages.answer_callback_query,
    "pinChatMessage": messages.pin_chat_message,
    "unpinChatMessage": messages.unpin_chat_message,
    "sendPhoto": files.send_photo,
    "sendDocument": files.send_document,
    "sendVideo": files.send_video,
    "sendVoice": files.send_voice,
    "sendMediaGroup": files.send_media_group,
    "getFile": files.get_file,
    "setMyCommands": commands.set_my_commands,
    "getMyCommands": commands.get_my_commands,
    "deleteMyCommands": commands.delete_my_commands,
    "setChatMenuButton": commands.set_chat_menu_button,
    "getChatMenuButton": commands.get_chat_menu_button,
    "setMyDescription": commands.set_my_description,
    "setMyShortDescription": commands.set_my_short_description,
}
