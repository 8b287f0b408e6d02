from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    verbose_name = "Storefront"
    label = "storefront"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from catalog.models import Category  # the apps are loaded only now
        from catalog.signals import products_changed
        from shop.storefront.shelves import forget_shelves

        post_save.connect(forget_shelves, sender=Category, dispatch_uid="forget_shelves_saved")
        post_delete.connect(forget_shelves, sender=Category, dispatch_uid="forget_shelves_deleted")
        products_changed.connect(forget_shelves, dispatch_uid="forget_shelves_products")
