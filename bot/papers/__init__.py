"""Papers that leave the chat: plain data in, bytes out."""

from bot.papers.invitation import Invitation, InvitationLetter, invitation_letter
from bot.papers.invitation_docx import letter_docx
from bot.papers.invitation_picture import letter_picture
from bot.papers.workbook import Book, Cell, Sheet, workbook

__all__ = [
    "Book",
    "Cell",
    "Invitation",
    "InvitationLetter",
    "Sheet",
    "invitation_letter",
    "letter_docx",
    "letter_picture",
    "workbook",
]
