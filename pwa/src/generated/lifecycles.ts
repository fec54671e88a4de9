// The lifecycles of the server: state → trigger → next state.
// Written by `make docs`; change the table it comes from.

export const LIFECYCLES = {
  "device": {
    "initial": "offered",
    "moves": {
      "offered": {
        "enrol": "enrolled",
        "revoke": "revoked"
      },
      "enrolled": {
        "offer": "offered",
        "revoke": "revoked"
      },
      "revoked": {
        "offer": "offered"
      }
    }
  },
  "webhook endpoint": {
    "initial": "on",
    "moves": {
      "on": {
        "switch_off": "off",
        "remove": "removed"
      },
      "off": {
        "switch_on": "on",
        "remove": "removed"
      },
      "removed": {}
    }
  },
  "shop delivery": {
    "initial": "received",
    "moves": {
      "received": {
        "place": "placed",
        "refuse": "refused",
        "ignore": "ignored"
      },
      "placed": {},
      "refused": {
        "again": "received",
        "dismiss": "dismissed"
      },
      "ignored": {},
      "dismissed": {}
    }
  },
  "webhook delivery": {
    "initial": "waiting",
    "moves": {
      "waiting": {
        "send": "sending",
        "replay": "waiting"
      },
      "sending": {
        "send": "sending",
        "deliver": "delivered",
        "postpone": "waiting",
        "give_up": "failed"
      },
      "delivered": {
        "replay": "waiting"
      },
      "failed": {
        "replay": "waiting"
      }
    }
  },
  "import": {
    "initial": "checking",
    "moves": {
      "checking": {
        "check": "checked",
        "cancel": "cancelled",
        "fail": "failed"
      },
      "checked": {
        "start": "running",
        "cancel": "cancelled",
        "fail": "failed"
      },
      "running": {
        "complete": "done",
        "cancel": "cancelled",
        "fail": "failed"
      },
      "done": {},
      "cancelled": {},
      "failed": {}
    }
  },
  "message": {
    "initial": "waiting",
    "moves": {
      "waiting": {
        "send": "sending",
        "park": "parked",
        "give_up": "failed",
        "dismiss": "dismissed"
      },
      "parked": {
        "again": "waiting",
        "dismiss": "dismissed"
      },
      "sending": {
        "deliver": "sent",
        "postpone": "waiting",
        "give_up": "failed",
        "lose": "unsure"
      },
      "sent": {
        "again": "waiting"
      },
      "failed": {
        "again": "waiting",
        "dismiss": "dismissed"
      },
      "unsure": {
        "again": "waiting",
        "deliver": "sent",
        "dismiss": "dismissed"
      },
      "dismissed": {
        "again": "waiting"
      }
    }
  },
  "hold": {
    "initial": "open",
    "moves": {
      "open": {
        "release": "released",
        "lapse": "lapsed"
      },
      "released": {},
      "lapsed": {}
    }
  },
  "job on orders": {
    "initial": "running",
    "moves": {
      "running": {
        "complete": "done",
        "cancel": "cancelled"
      },
      "done": {},
      "cancelled": {}
    }
  },
  "order of a job": {
    "initial": "waiting",
    "moves": {
      "waiting": {
        "do": "done",
        "refuse": "refused"
      },
      "done": {},
      "refused": {}
    }
  },
  "receipt": {
    "initial": "expected",
    "moves": {
      "expected": {
        "arrive": "arrived",
        "cancel": "cancelled"
      },
      "arrived": {},
      "cancelled": {}
    }
  },
  "carton": {
    "initial": "open",
    "moves": {
      "open": {
        "complete": "complete",
        "void": "voided"
      },
      "complete": {
        "reopen": "open",
        "close": "closed",
        "void": "voided"
      },
      "closed": {
        "reopen": "open"
      },
      "voided": {}
    }
  },
  "payment intent": {
    "initial": "intended",
    "moves": {
      "intended": {
        "ask": "asked",
        "abandon": "abandoned",
        "succeed": "succeeded"
      },
      "asked": {
        "ask": "asked",
        "wait": "pending",
        "succeed": "succeeded",
        "decline": "declined"
      },
      "pending": {
        "ask": "pending",
        "wait": "pending",
        "succeed": "succeeded",
        "decline": "declined"
      },
      "succeeded": {
        "ask": "succeeded",
        "take_back": "taken_back"
      },
      "declined": {},
      "abandoned": {},
      "taken_back": {}
    }
  },
  "payment": {
    "initial": "authorising",
    "moves": {
      "authorising": {
        "authorise": "authorised",
        "decline": "declined",
        "void": "voiding"
      },
      "awaited": {
        "receive": "captured",
        "refund": "awaited",
        "void": "voided"
      },
      "authorised": {
        "renew": "authorising",
        "capture": "capturing",
        "decline": "declined",
        "owe": "awaited",
        "refund": "authorised",
        "void": "voiding"
      },
      "declined": {
        "retry": "authorising",
        "settle": "captured",
        "authorise": "authorised",
        "refund": "declined",
        "void": "voided"
      },
      "capturing": {
        "capture": "capturing",
        "succeed": "captured",
        "decline": "declined",
        "refund": "capturing"
      },
      "captured": {
        "capture": "capturing",
        "decline": "declined",
        "renew": "authorising",
        "owe": "awaited",
        "refund": "refunded"
      },
      "refunded": {
        "capture": "capturing",
        "take_back": "captured"
      },
      "voiding": {
        "succeed": "voided",
        "authorise": "voiding",
        "decline": "voided"
      },
      "voided": {}
    }
  },
  "gateway news": {
    "initial": "taken",
    "moves": {
      "taken": {},
      "ignored": {}
    }
  },
  "reconciliation": {
    "initial": "running",
    "moves": {
      "running": {
        "finish": "done",
        "fail": "failed"
      },
      "done": {},
      "failed": {}
    }
  },
  "rule set": {
    "initial": "draft",
    "moves": {
      "draft": {
        "go_live": "live",
        "drop": "dropped"
      },
      "live": {
        "retire": "retired"
      },
      "retired": {},
      "dropped": {}
    }
  },
  "shipment": {
    "initial": "open",
    "moves": {
      "open": {
        "close": "closed",
        "void": "voided"
      },
      "closed": {},
      "voided": {}
    }
  },
  "label": {
    "initial": "wanted",
    "moves": {
      "wanted": {
        "issue": "live",
        "refuse": "refused",
        "void": "void"
      },
      "live": {
        "void": "void"
      },
      "void": {},
      "refused": {
        "void": "void"
      }
    }
  },
  "print job": {
    "initial": "queued",
    "moves": {
      "queued": {
        "send": "sending",
        "cancel": "cancelled",
        "move": "queued"
      },
      "sending": {
        "print": "printed",
        "fail": "failed",
        "lose": "unknown"
      },
      "printed": {},
      "failed": {
        "retry": "queued",
        "cancel": "cancelled",
        "move": "queued"
      },
      "unknown": {
        "print": "printed",
        "fail": "failed",
        "lose": "unknown",
        "confirm": "printed",
        "retry": "queued",
        "cancel": "cancelled"
      },
      "cancelled": {}
    }
  },
  "tour": {
    "initial": "waiting",
    "moves": {
      "waiting": {
        "offer": "offered",
        "cancel": "cancelled"
      },
      "offered": {
        "take": "taken",
        "cancel": "cancelled",
        "start": "started"
      },
      "taken": {
        "take": "taken",
        "let_go": "offered",
        "start": "started",
        "finish": "finished",
        "cancel": "cancelled"
      },
      "started": {
        "take": "started",
        "start": "started",
        "finish": "finished"
      },
      "finished": {
        "start": "started"
      },
      "cancelled": {}
    }
  },
  "task": {
    "initial": "waiting",
    "moves": {
      "waiting": {
        "open": "open",
        "cancel": "cancelled"
      },
      "open": {
        "finish": "done",
        "cancel": "cancelled"
      },
      "done": {
        "reopen": "open"
      },
      "cancelled": {}
    }
  },
  "tote": {
    "initial": "empty",
    "moves": {
      "empty": {
        "assign": "assigned",
        "stage": "staged"
      },
      "assigned": {
        "stage": "staged",
        "free": "empty"
      },
      "staged": {
        "free": "empty",
        "assign": "assigned"
      }
    }
  },
  "fact set aside": {
    "initial": "waiting",
    "moves": {
      "waiting": {
        "book": "booked",
        "dismiss": "dismissed"
      },
      "booked": {},
      "dismissed": {}
    }
  },
  "wave": {
    "initial": "releasing",
    "moves": {
      "releasing": {
        "complete": "released",
        "undo": "undone",
        "take_back": "undoing"
      },
      "undoing": {
        "undo": "undone"
      },
      "released": {
        "finish": "finished"
      },
      "finished": {
        "reopen": "released"
      },
      "undone": {}
    }
  }
} as const;
