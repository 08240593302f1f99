"""The language server: articles that are open in an editor, linted as they are typed. Needs pygls."""
