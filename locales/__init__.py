"""The gettext catalogs of Pandu: `id` is complete and the default, `en` repeats the sentences of the code."""
