import os
import unittest
from unittest import mock

from aculab_wrappers.sandbox import Sandbox
from reminder import remind

PASSWORD = "myOutboundServicePassword"


class Reminders(unittest.TestCase):
    def setUp(self):
        self.cloud = self.enterContext(Sandbox())
        variables = self.cloud.environment() | {
            "ACULAB_SERVICE_PASSWORD": PASSWORD
        }
        self.enterContext(
            mock.patch.dict(os.environ, variables)
        )

    def test_a_reminder_is_one_call(self):
        remind("441908283800", "dentist")
        self.cloud.assert_started(1, to="441908283800")
        assert not self.cloud.refused
