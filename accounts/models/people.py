"""Users, organisations and teams."""

from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import BilingualName, reads_chinese


class Role(models.TextChoices):
    """What a person may do at the desk; see the role table of the product page."""

    CUSTOMER = "customer", _("Customer")
    ENGINEER = "engineer", _("Engineer")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Administrator")


class Density(models.TextChoices):
    """How close together board and list set what they show."""

    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")


class Language(models.TextChoices):
    """Languages of the interface."""

    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


def validate_time_zone(value: str) -> None:
    """Raises ValidationError unless `value` is a zone of the tz database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("%(value)s is no time zone, such as Asia/Shanghai."), params={"value": value})


class ContractLevel(models.TextChoices):
    """How much a customer company has contracted for; policies and routes may go by it."""

    STANDARD = "standard", _("Standard")
    SILVER = "silver", _("Silver")
    GOLD = "gold", _("Gold")


class Organisation(models.Model):
    """A customer company."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    email_domain = models.CharField(
        _("e-mail domain"),
        max_length=120,
        blank=True,
        help_text=_("People who sign up with a verified address of this domain join the organisation."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    contract_level = models.CharField(
        _("contract level"), max_length=10, choices=ContractLevel.choices, default=ContractLevel.STANDARD
    )
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email_domain"),
                condition=~models.Q(email_domain=""),
                name="organisation_email_domain_once",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, as far as there is one."""
        return self.name if reads_chinese() or not self.name_en else self.name_en


class Assignment(models.TextChoices):
    """How a team's tickets come to somebody; see `tickets.services.assigning`."""

    BY_HAND = "by_hand", _("By hand")
    ROUND_ROBIN = "round_robin", _("In turn")
    LEAST_LOADED = "least_loaded", _("Whoever has least to do")


class Team(BilingualName):
    """A group of engineers that tickets are routed to."""

    is_default = models.BooleanField(
        _("default team"), default=False, help_text=_("Takes the tickets that no module leads elsewhere.")
    )
    assignment = models.CharField(
        _("assignment"), max_length=12, choices=Assignment.choices, default=Assignment.BY_HAND
    )
    open_cap = models.PositiveSmallIntegerField(
        _("most open tickets a person"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Who holds that many is given no more by the desk; empty: no limit."),
    )

    class Meta(BilingualName.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_team"
            )
        ]


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A user with that address, stored in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """An administrator."""
        return self.create_user(email, password, **{**fields, "role": Role.ADMIN, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """Addresses are compared without regard to case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person (or, with `is_bot`, a program) known to the desk."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.CUSTOMER)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("organisation"),
    )
    is_contact_manager = models.BooleanField(
        _("contact manager"), default=False, help_text=_("Sees all tickets of the own organisation.")
    )
    teams = models.ManyToManyField(Team, through="TeamMembership", related_name="members")
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.CHINESE
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    single_keys = models.BooleanField(
        _("Shortcuts of a single key, such as j and k"),
        default=True,
    )
    density = models.CharField(
        _("density"), max_length=12, choices=Density.choices, default=Density.COMFORTABLE
    )
    is_bot = models.BooleanField(_("program"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """How Django's own pages speak to the person."""
        return str(self)

    @property
    def is_customer(self) -> bool:
        """Files tickets and sees no more than own ones, or the organisation's as its contact manager."""
        return self.role == Role.CUSTOMER

    @property
    def is_agent(self) -> bool:
        """Works on tickets: engineer, manager or administrator."""
        return self.role != Role.CUSTOMER

    @property
    def reads_figures(self) -> bool:
        """Managers and administrators read all figures."""
        return self.role in {Role.MANAGER, Role.ADMIN}

    @property
    def edits_calendars(self) -> bool:
        """Managers and administrators say when the desk works."""
        return self.role in {Role.MANAGER, Role.ADMIN}

    @property
    def edits_glossary(self) -> bool:
        """Managers and administrators say how jargon reads in plain words."""
        return self.role in {Role.MANAGER, Role.ADMIN}

    @property
    def is_staff(self) -> bool:
        """Django's word for who may enter the admin site."""
        return self.role == Role.ADMIN

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's question in the admin site, where the role is the answer to all of it."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """The same, of an app as a whole."""
        return self.is_active and self.is_staff

    def works_in(self, team_id: int | None) -> bool:
        """Whether tickets of that team can be theirs. One query at most."""
        if not (self.is_agent and self.is_active):
            return False
        return self.role == Role.ADMIN or self.memberships.filter(team=team_id).exists()

    @property
    def initial(self) -> str:
        """What the avatar shows: the last character of a Chinese name, the first of another."""
        name = self.name.strip() or self.email
        return name[-1] if "\u4e00" <= name[-1] <= "\u9fff" else name[0].upper()


class TeamMembership(models.Model):
    """Somebody works in a team, or leads it."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name=_("team"))
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    leads = models.BooleanField(_("leads the team"), default=False)
    in_rotation = models.BooleanField(
        _("gets tickets"), default=True, help_text=_("Where the desk assigns the team's tickets by itself.")
    )
    # When they were last given a ticket by the desk: the higher, the later. Counted on under the team's lock.
    turn = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("team membership")
        verbose_name_plural = _("team memberships")
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team")]

    def __str__(self) -> str:
        return f"{self.team} · {self.user}"


class Duty(models.Model):
    """Somebody is on duty for a team from `starts_at` to `ends_at`, the end not included."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="duties", verbose_name=_("team"))
    user = models.ForeignKey(User, models.CASCADE, related_name="duties", verbose_name=_("user"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="duty_ends_after_its_start"
            )
        ]
        # Who is on duty now: accounts.selectors.on_duty.
        indexes = [models.Index(fields=["team", "starts_at"], name="duty_of_team")]

    def __str__(self) -> str:
        return f"{self.team} · {self.user} · {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        """Raises ValidationError for an end before the start, or a person who does not work in the team."""
        wrong = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            wrong["ends_at"] = _("The end has to come after the start.")
        if self.team_id and self.user_id and not self.user.works_in(self.team_id):
            wrong["user"] = _("This person does not work in the team.")
        if wrong:
            raise ValidationError(wrong)
