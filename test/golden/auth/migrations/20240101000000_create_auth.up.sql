CREATE TABLE "auth_users" (
  "id" uuid PRIMARY KEY,
  "email" text,
  "password_hash" text,
  "issuer" text,
  "subject" text,
  "roles" text[] DEFAULT '{user}' NOT NULL,
  "permissions" text[] DEFAULT '{}' NOT NULL,
  "tier" text DEFAULT 'standard' NOT NULL,
  "disabled_at" timestamp(3) with time zone,
  "created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "auth_users_email_unique" UNIQUE ("email"),
  CONSTRAINT "auth_users_issuer_subject_unique" UNIQUE ("issuer", "subject"),
  CONSTRAINT "auth_users_email_lower_case" CHECK ("email" = lower("email"))
);

CREATE TABLE "auth_sessions" (
  "id" uuid PRIMARY KEY,
  "user_id" uuid NOT NULL,
  "user_agent" text,
  "expires_at" timestamp(3) with time zone NOT NULL,
  "last_used_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "auth_sessions_user_id_auth_users_id_fk"
    FOREIGN KEY ("user_id") REFERENCES "auth_users" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_sessions_user_id_index" ON "auth_sessions" ("user_id");

CREATE INDEX "auth_sessions_expires_at_index" ON "auth_sessions" ("expires_at");

CREATE TABLE "auth_refresh_tokens" (
  "fingerprint" text PRIMARY KEY,
  "session_id" uuid NOT NULL,
  "used_at" timestamp(3) with time zone,
  CONSTRAINT "auth_refresh_tokens_session_id_auth_sessions_id_fk"
    FOREIGN KEY ("session_id") REFERENCES "auth_sessions" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_refresh_tokens_session_id_index" ON "auth_refresh_tokens" ("session_id");

CREATE TABLE "auth_api_keys" (
  "id" uuid PRIMARY KEY,
  "user_id" uuid NOT NULL,
  "name" text NOT NULL,
  "fingerprint" text NOT NULL,
  "previous_fingerprint" text,
  "previous_until" timestamp(3) with time zone,
  "scopes" text[] NOT NULL,
  "expires_at" timestamp(3) with time zone NOT NULL,
  "last_used_at" timestamp(3) with time zone,
  "created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "auth_api_keys_user_id_auth_users_id_fk"
    FOREIGN KEY ("user_id") REFERENCES "auth_users" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_api_keys_user_id_index" ON "auth_api_keys" ("user_id");
