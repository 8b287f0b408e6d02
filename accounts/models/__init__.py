"""Who is looking: shoppers and staff, their addresses, their wish lists, and what they wait for."""

from accounts.models.alerts import StockAlert
from accounts.models.people import Address, User, UserManager
from accounts.models.wishes import WishList, WishlistItem

__all__ = ["Address", "StockAlert", "User", "UserManager", "WishList", "WishlistItem"]
