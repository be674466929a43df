"""The only way to a row: who is acting, what he may see, what he may do."""
