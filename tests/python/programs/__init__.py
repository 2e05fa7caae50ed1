"""Programs of users, and what is needed to run and to judge them."""
