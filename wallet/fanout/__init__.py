"""Who has how much, told over Redis after the commit. Redis is never the authority."""
