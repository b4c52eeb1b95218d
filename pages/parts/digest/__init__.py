"""Weekly letters on the Overview: who gets one, and the dialogs that set one up and show it."""
