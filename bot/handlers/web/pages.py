"""The pages as HTML: templates of `web/`, which escape whatever is printed into them."""
