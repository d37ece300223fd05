DROP TABLE "auth_api_keys";

DROP TABLE "auth_refresh_tokens";

DROP TABLE "auth_sessions";

DROP TABLE "auth_users";
