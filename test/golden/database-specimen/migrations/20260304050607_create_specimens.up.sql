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
  "created_at" timestamp(3) with time zone NOT NULL DEFAULT now(),
  "updated_at" timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT "specimens_code_unique" UNIQUE ("code"),
  CONSTRAINT "specimens_key_unique" UNIQUE ("key"),
  CONSTRAINT "specimens_status_check" CHECK ("status" IN ('draft', 'active'))
);

CREATE INDEX "specimens_qty_index" ON "specimens" ("qty");
