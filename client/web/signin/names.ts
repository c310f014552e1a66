/** What the server asks of a new account, said before it has to refuse. */
export const NAME_HINT = "3 to 20 letters, digits, dashes or underscores.";
export const PASSWORD_HINT = "At least 10 characters. A few words are better than one clever one.";
export const PASSWORD_CHARS_MIN = 10;
export const NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9_\\-]{2,19}";
