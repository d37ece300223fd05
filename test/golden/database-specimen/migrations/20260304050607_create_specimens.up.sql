CREATE TABLE "specimens" (
  "id" uuid PRIMARY KEY,
  "title" varchar(255) NOT NULL,
  "code" varchar(40) NOT NULL,
  "body" text,
  "qty" integer NOT NULL DEFAULT -5,
  "views" bigint NOT NULL DEFAULT -9007199254740993,
  "maybe_views" bigint,
  "ratio" double precision NOT NULL DEFAULT -0.5,
  "price" numeric(10, 2) NOT NULL DEFAULT '-1.50',
  "active" boolean NOT NULL DEFAULT true,
  "born" date,
  "seen_at" timestamp(3) with time zone NOT NULL DEFAULT now(),
  "starts_at" timestamp(3) with time zone NOT NULL DEFAULT '2026-01-02T03:04:05.000Z',
  "key" uuid NOT NULL,
  "meta" jsonb NOT NULL,
  "status" text NOT NULL DEFAULT 'draft',
  "tags" varchar(255)[] NOT NULL,
  "labels" varchar(255)[] NOT NULL DEFAULT '{}',
  "counts" integer[],
  "moments" timestamp(3) with time zone[] NOT NULL,
  "rank" double precision NOT NULL DEFAULT 0,
  "total" bigint NOT NULL DEFAULT 0,
  "fee" numeric(12, 4) NOT NULL DEFAULT '0',
  "due" date NOT NULL DEFAULT '2026-01-31',
  "held_at" timestamp(3) with time zone NOT NULL DEFAULT now(),
  "note" varchar(650) NOT NULL DEFAULT '',
  "ratios" double precision[],
  "totals" bigint[],
  "fees" numeric(5, 3)[],
  "flags" boolean[],
  "days" date[],
  "keys" uuid[],
  "states" text[],
  "created_at" timestamp(3) with time zone NOT NULL DEFAULT now(),
  "updated_at" timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT "specimens_code_unique" UNIQUE ("code"),
  CONSTRAINT "specimens_key_unique" UNIQUE ("key"),
  CONSTRAINT "specimens_status_check" CHECK ("status" IN ('draft', 'active')),
  CONSTRAINT "specimens_states_check" CHECK ("states" <@ ARRAY['new', 'done']::text[])
);

CREATE INDEX "specimens_qty_index" ON "specimens" ("qty");

CREATE INDEX "specimens_rank_index" ON "specimens" ("rank");

CREATE INDEX "specimens_total_index" ON "specimens" ("total");

CREATE INDEX "specimens_fee_index" ON "specimens" ("fee");

CREATE INDEX "specimens_due_index" ON "specimens" ("due");

CREATE INDEX "specimens_held_at_index" ON "specimens" ("held_at");

CREATE INDEX "specimens_note_index" ON "specimens" ("note");

CREATE INDEX "specimens_created_at_id_index" ON "specimens" ("created_at", "id");
