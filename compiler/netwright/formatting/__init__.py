"""How `netwright fmt` lays a spec out: its tokens and comments, the spaces and the lines."""
