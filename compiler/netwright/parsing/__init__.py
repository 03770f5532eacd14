"""How text becomes a syntax tree: tables made by Lark, a lexer, a machine, and what it builds."""
