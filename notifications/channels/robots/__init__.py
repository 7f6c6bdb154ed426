"""Chat robots: a room at WeCom, DingTalk, Feishu, Slack or Teams reads what happened in a few lines."""
