"""Groups, invites, a member's own state, and all that messages hold and undergo.

Made by aerich from the models. By hand: CHECKs and partial indexes.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "conversation_label" (
    "id" UUID NOT NULL PRIMARY KEY,
    "label" VARCHAR(50) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "conversation_id" UUID NOT NULL REFERENCES "conversation" ("id") ON DELETE CASCADE,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_conversatio_user_id_ef53b3" UNIQUE ("user_id", "conversation_id", "label")
);
        CREATE TABLE "invite" (
    "id" UUID NOT NULL PRIMARY KEY,
    "code" VARCHAR(32) NOT NULL UNIQUE,
    "expires_at" TIMESTAMPTZ,
    "max_uses" INT,
    "use_count" INT NOT NULL,
    "revoked_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "conversation_id" UUID NOT NULL REFERENCES "conversation" ("id") ON DELETE CASCADE,
    "created_by_id" UUID REFERENCES "user_account" ("id") ON DELETE SET NULL,
    CONSTRAINT "ck_invite_uses" CHECK ("use_count" >= 0 AND ("max_uses" IS NULL OR "use_count" <= "max_uses"))
);
CREATE INDEX "idx_invite_convers_141bae" ON "invite" ("conversation_id");
        CREATE TABLE "deleted_message" (
    "id" UUID NOT NULL PRIMARY KEY,
    "conversation_id" UUID NOT NULL,
    "seq" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "message_id" UUID NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_deleted_mes_user_id_73a56d" UNIQUE ("user_id", "conversation_id", "seq")
);
        CREATE TABLE "message_mention" (
    "id" UUID NOT NULL PRIMARY KEY,
    "conversation_id" UUID NOT NULL,
    "seq" INT NOT NULL,
    "message_id" UUID NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_message_men_user_id_57aa4d" UNIQUE ("user_id", "conversation_id", "seq")
);
CREATE INDEX "idx_message_men_message_cb4b2f" ON "message_mention" ("message_id");
        CREATE TABLE "message_revision" (
    "id" UUID NOT NULL PRIMARY KEY,
    "text" TEXT,
    "edited_at" TIMESTAMPTZ NOT NULL,
    "message_id" UUID NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_message_rev_message_9a3227" ON "message_revision" ("message_id", "edited_at");
        CREATE TABLE "pin" (
    "id" UUID NOT NULL PRIMARY KEY,
    "pinned_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "conversation_id" UUID NOT NULL REFERENCES "conversation" ("id") ON DELETE CASCADE,
    "pinned_by_id" UUID REFERENCES "user_account" ("id") ON DELETE SET NULL,
    "message_id" UUID NOT NULL UNIQUE REFERENCES "message" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_pin_convers_4e9c65" ON "pin" ("conversation_id", "pinned_at");
CREATE INDEX "idx_pin_expires_96a282" ON "pin" ("expires_at");
        CREATE TABLE "reaction" (
    "id" UUID NOT NULL PRIMARY KEY,
    "emoji" VARCHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "message_id" UUID NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_reaction_message_c6fe3c" UNIQUE ("message_id", "emoji", "user_id")
);
CREATE INDEX "idx_reaction_user_id_1533de" ON "reaction" ("user_id");
        CREATE TABLE "saved_message" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "message_id" UUID NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_saved_messa_user_id_bb642d" UNIQUE ("user_id", "message_id")
);
CREATE INDEX "idx_saved_messa_user_id_5b4ef7" ON "saved_message" ("user_id", "created_at");
        CREATE TABLE "scheduled_message" (
    "id" UUID NOT NULL PRIMARY KEY,
    "client_message_id" VARCHAR(64) NOT NULL,
    "content" JSONB NOT NULL,
    "send_at" TIMESTAMPTZ NOT NULL,
    "state" VARCHAR(8) NOT NULL,
    "error" JSONB,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "conversation_id" UUID NOT NULL REFERENCES "conversation" ("id") ON DELETE CASCADE,
    "message_id" UUID REFERENCES "message" ("id") ON DELETE SET NULL,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_scheduled_m_user_id_980cd8" UNIQUE ("user_id", "client_message_id"),
    CONSTRAINT "ck_scheduled_message_state" CHECK ("state" IN ('PENDING', 'SENT', 'FAILED', 'CANCELED'))
);
CREATE INDEX "idx_scheduled_m_user_id_a853b9" ON "scheduled_message" ("user_id", "send_at");
        CREATE TABLE "thread_follow" (
    "id" UUID NOT NULL PRIMARY KEY,
    "is_following" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "root_id" UUID NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_thread_foll_user_id_4caf6a" UNIQUE ("user_id", "root_id")
);
        ALTER TABLE "conversation" ADD "who_can_pin" VARCHAR(8) NOT NULL DEFAULT 'ADMIN' CONSTRAINT "ck_conversation_who_can_pin" CHECK ("who_can_pin" IN ('OWNER', 'ADMIN', 'MEMBER'));
        ALTER TABLE "conversation" ADD "who_can_add_members" VARCHAR(8) NOT NULL DEFAULT 'ADMIN' CONSTRAINT "ck_conversation_who_can_add_members" CHECK ("who_can_add_members" IN ('OWNER', 'ADMIN', 'MEMBER'));
        ALTER TABLE "conversation" ADD "is_encrypted" BOOL NOT NULL DEFAULT False;
        ALTER TABLE "conversation" ADD "who_can_send" VARCHAR(8) NOT NULL DEFAULT 'MEMBER' CONSTRAINT "ck_conversation_who_can_send" CHECK ("who_can_send" IN ('OWNER', 'ADMIN', 'MEMBER'));
        ALTER TABLE "conversation" ADD "new_members_see_history" BOOL NOT NULL DEFAULT False;
        ALTER TABLE "conversation" ADD "slow_mode_seconds" INT NOT NULL DEFAULT 0 CONSTRAINT "ck_conversation_slow_mode" CHECK ("slow_mode_seconds" >= 0);
        ALTER TABLE "conversation" ADD "disappearing_seconds" INT CONSTRAINT "ck_conversation_disappearing" CHECK ("disappearing_seconds" > 0);
        ALTER TABLE "conversation" ADD "who_can_edit_info" VARCHAR(8) NOT NULL DEFAULT 'ADMIN' CONSTRAINT "ck_conversation_who_can_edit_info" CHECK ("who_can_edit_info" IN ('OWNER', 'ADMIN', 'MEMBER'));
        ALTER TABLE "member" ADD "pinned_at" TIMESTAMPTZ;
        ALTER TABLE "member" ADD "muted_until" TIMESTAMPTZ;
        ALTER TABLE "member" ADD "draft_updated_at" TIMESTAMPTZ;
        ALTER TABLE "member" ADD "notification_level" VARCHAR(8) NOT NULL DEFAULT 'ALL' CONSTRAINT "ck_member_notification_level" CHECK ("notification_level" IN ('ALL', 'MENTIONS', 'NONE'));
        ALTER TABLE "member" ADD "sent_at" TIMESTAMPTZ;
        ALTER TABLE "member" ADD "draft" TEXT;
        ALTER TABLE "member" ADD "unread_from_seq" INT;
        ALTER TABLE "member" ADD "archived_seq" INT;
        ALTER TABLE "message" ADD "expires_at" TIMESTAMPTZ;
        ALTER TABLE "message" ADD "thread_root_id" UUID;
        ALTER TABLE "message" ADD "details" JSONB;
        ALTER TABLE "message" ADD "mentions_everyone" BOOL NOT NULL DEFAULT False;
        CREATE INDEX "idx_message_uncounted" ON "message" ("conversation_id", "seq")
            WHERE "is_hidden" OR "deleted_at" IS NOT NULL OR "kind" = 'SYSTEM' OR "thread_root_id" IS NOT NULL;
        CREATE INDEX "idx_message_everyone" ON "message" ("conversation_id", "seq") WHERE "mentions_everyone";
        CREATE INDEX "idx_message_thread" ON "message" ("thread_root_id", "seq") WHERE "thread_root_id" IS NOT NULL;
        CREATE INDEX "idx_message_expiry" ON "message" ("expires_at") WHERE "expires_at" IS NOT NULL AND "deleted_at" IS NULL;
        CREATE INDEX "idx_scheduled_message_due" ON "scheduled_message" ("send_at") WHERE "state" = 'PENDING';
        """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "conversation" DROP COLUMN "who_can_pin";
        ALTER TABLE "conversation" DROP COLUMN "who_can_add_members";
        ALTER TABLE "conversation" DROP COLUMN "is_encrypted";
        ALTER TABLE "conversation" DROP COLUMN "who_can_send";
        ALTER TABLE "conversation" DROP COLUMN "new_members_see_history";
        ALTER TABLE "conversation" DROP COLUMN "slow_mode_seconds";
        ALTER TABLE "conversation" DROP COLUMN "disappearing_seconds";
        ALTER TABLE "conversation" DROP COLUMN "who_can_edit_info";
        ALTER TABLE "member" DROP COLUMN "pinned_at";
        ALTER TABLE "member" DROP COLUMN "muted_until";
        ALTER TABLE "member" DROP COLUMN "draft_updated_at";
        ALTER TABLE "member" DROP COLUMN "notification_level";
        ALTER TABLE "member" DROP COLUMN "sent_at";
        ALTER TABLE "member" DROP COLUMN "draft";
        ALTER TABLE "member" DROP COLUMN "unread_from_seq";
        ALTER TABLE "member" DROP COLUMN "archived_seq";
        ALTER TABLE "message" DROP COLUMN "expires_at";
        ALTER TABLE "message" DROP COLUMN "thread_root_id";
        ALTER TABLE "message" DROP COLUMN "details";
        ALTER TABLE "message" DROP COLUMN "mentions_everyone";
        DROP TABLE IF EXISTS "deleted_message";
        DROP TABLE IF EXISTS "saved_message";
        DROP TABLE IF EXISTS "invite";
        DROP TABLE IF EXISTS "thread_follow";
        DROP TABLE IF EXISTS "reaction";
        DROP TABLE IF EXISTS "scheduled_message";
        DROP TABLE IF EXISTS "message_mention";
        DROP TABLE IF EXISTS "message_revision";
        DROP TABLE IF EXISTS "conversation_label";
        DROP TABLE IF EXISTS "pin";"""


MODELS_STATE = (
    "eJztXWtz2ziW/SsofWlnS+11HDvJJFtb5SROj6f9yMTu7anpTEkQCVloU4SapKxoevLfFx"
    "d8iA+QIiRSphB86LRN4oL0AQjce+4Df/amzCaOf/g3Nuq9QX/2XDwl/If05T7q4dlsdREu"
    "BHjkiHa/Rw1GfuBhK+CXxtjxCb9kE9/y6CygzIWGt2xKggl171HA0Iggm7nkEA29uTvAwR"
    "BRHy0mxEUYLZj3QDw0xUt0gO8xdZ+hAD8QRIM3/K5DsE/QlD0Sn19BzD1EH3hPyGMLH92z"
    "Q3gZm1n8bfijdvzcuUv/mJNBwO75E4nHn/7bv/hl6trkK/HjX2cPgzEljp2Bm9rQgbg+CJ"
    "Yzce2XXy4+fBQt4W8aDSzmzKfuqvVsGUyYmzSfz6l9CDJw7564xMMBsVMD4s4dJxq2+FL4"
    "xvxC4M1J8qr26oJNxnjuwLD2/mc8dy0YTSSeBP+c/G/0aqlmg8H1zd3g9vxuMOgVZgG8Qm"
    "6AoksWc2EGUTcAoP78Fva7AkRc7cED3v/17PPBi5fPBATMD+49cVPA1fsmBHGAQ1EB+gpl"
    "8f8Czu8n2JPjHLfPIc1fdBOM4wsrkFefSgxfDFALkPam+OvAIe59MOG/vjypgPj/zj4LlF"
    "+eCJQZ/7LDr/06unMsbgHYK3BneOkwLJnHf7u9uZbjmxLJQWxTK0D/QQ71gz2EugJaAAN6"
    "nvr+H04a0oOrs3/k0X5/efMuP82hg3c56KOF54EsVWZ3VmqjOR6tEl3BPTvFj09Pa8xx3q"
    "p0kot7WajDfaMI8wcOUkCnRA71Sio/zyOxw/gHvWb73cXV+e3d2dWnzJT/cHZ3DneOxdVl"
    "7urBy9x4JJ2gXy/u/orgV/TPm+vz/JeRtLv7Zw/eCc8DNnDZYoDtNCbx5fhSZnhxEJDpLP"
    "CLA3w7xY5z4QbyAU7L5YaYw9TWoB619R3dwxv8+OL41cvX/K54QfjlVcVQ316dXV5eXN/l"
    "vhehNw3U1Ju0zBZKTscWp21UmhSe2A8GxPOYp7LUZ6X0W+pPj45qLPW8VelSL+5lobYJtj"
    "dY61NiDSz2HYNdp7Xe8gjgvsEQZyXNlt65YQY7e/yQsgHhwghbDwvs2YPCHXbMytoWb02P"
    "p/kr2MX3YpAATXjPiD25ZPfnM2ZNehJmJbnXr6JXHHY/IEmztSTLTchIAGHhYddmU/5G0x"
    "HxkMfn34LYMdcBf958BuQHBzpgHrH7yGcomOAAuQwR7DmUS1lzz2ceNLtnzEbYXaIpb1wk"
    "WXb43IZJlmq1TqqDbKjQradY2twut9XoykmVR+zMJazKO3pfCmsisjtVuX1s/3J8/OLFq+"
    "OjFy9fn568enX6+ihBunirCvd3Fz8B6pkFMxyGDi1rj8QNypY1ca9yWSNJk1pLWsTfwiox"
    "4Z3y6WHzz2dCEHOdZUjBWnzh4OOBsMebM4cvGiM2Dw7RHW/1QJawlhzMsBdQ6LeP+CYjfn"
    "omX8vafuD6Rew3UMsJnsZmUCTe+1fp6pY0UfoU01L6rHM7+BarlsRk3FX3m4ygTotjE1RC"
    "gO/V5nYkoBOOO5nYK8gza1Bd+ia7cDXopOquUaRA4Dzwt1ehbuL2GvqgTuqQNiflnM1Jgb"
    "IxPqgn80FNqG0TdzD22FQF/pzYVkOwP1xZKyNg+KxNhsLwWUqG36dEQ5Ubf5/SGmw1r5VR"
    "dtcbgmBYEddGbIwItibwf7DInr9ESUf+IRpypW8wImPmERHcA034pdCWg5tD5JGZgy2gnn"
    "gr0cDnfwYSdp5dtAd3+NwtuK0umRxdsADbYLomRKZaVFkgsYQxQTY2QYzV9xSQR0uZMvIp"
    "OTMAGw/A2GEy/34V9omIgX0fKfUrAu4yf0JnMr0qdbdSq5pm261Vqc5cxBEn3iN2+A9oMa"
    "Fcv8FoxvtgLvIJ8flvfGge+QUMQj/4KGR3+mjEggnoRT6XtJy5Tey3XMP58XdGXeDOGVdq"
    "uLTLQJEpKlU7fXIdtn3uEw8oq3J+3YRo7yJE2zCOjTOO8dRWADQlYuAscIzdsbS6sU034d"
    "wBAnCwmQuzIKoTtrtW/dmGg5AT3GgIOsbffndK6JllsbkbfCAOKWP48k0q1VEcNuYjk2pd"
    "RymNBEPyDMg0kbnHp44P7Bm/MCKg6YUX0MHQD/jSKvjr4TPEPLTAPr8a3hYXRfCGKzg3j1"
    "jME2weDaR66U4fvgXj151t/Un5vnbU0Cnxff6RSPJAyj21aRkNvbXPX9bw1j7Pe0ZW3lq4"
    "lculIvzP9DdzWeVljdOqc06rTCCJNSH23OHDNZYxW9VjXRA2g93twU52ROWRzkia9Jkuj3"
    "Ki4agOckbQjHHXxngrYySrnhZnxo1L7hj/R8yMC44bdi2ZtygyN36JOtlHjXR1dfV8Dy8S"
    "TT6tjfO/XBhJoYZ5dvv+7MN571uDlt3cpsG5G3jLnsyoW93tV9pz0G5AkoYqNV/AmALLCM"
    "qvgEmFE0PrEN1AUD15JB7iU5PYh+giQGweOBSKrYDZFJtk2LW5CTUmnrDKgOHnfVeWfGn5"
    "sSqehX4+zgq8DX30W/qqJt4HPoUOLUjYshxmPRy6ZMEB2DNHxJOZ1/uznSmQ5nyZYKpwpm"
    "UMngU8pRRtOTuxktCQm2g+ktyfj34nlkS3LUc4JaJfhYXm60XRGWiifIorkWxZKf1wPqlT"
    "s+ikvGTRSbFiUciUSRffcpyzUvrh3Px8tkmAqaM0mVMi+iHcSvktk+NQjj7/A22waaKJsS"
    "c8RDSHu5rywCcVPv86Y5402z11t19lOQsrg6warneCIovNluAo9LkxO2L28gduxPJeQpOW"
    "G5tLhP0HYkMuAZTd+DedQSDdUDzJpt5/h0/zh30E72yj0VLYtNTuI27TUgeqmPI2lI+SxA"
    "2688dvbkkLG9oP+K+in5ltjOnOGdPJ8NTWpWMBDY2V5h2pURzsgH9oFBdhfseYQ7BbMrvz"
    "sjnER1y4LciTK7udyO9ubi4zO9+7i1xYzvUvV+/O+SCIMeCNaFASL+XTf5PBaBnIIgWqwq"
    "WyciZaatN4tWgL2cQLlZE0bqiuuaGM1v89av2ZuPWVKqc46llJM+pdGXXJxx69fQf8Ll0b"
    "48018YLpvM4r/5GbF/Te/ZksW/bLdwPShj3zu+MiyCO1SE/GQ4R3+pUcxKpNraJ7FGYBH0"
    "phhLIx5OOJkneHaBgW9xyig+eHh8+PXz2DqGga+Ch8BDfygQsAc/+WzyrsoJnHAsa/V3mx"
    "vbYeJKEUfks+gPRDB7EnPr4ZPjYkELQ7vUUHPiEaoALo1QlYKymdMoSayL7Kfw0FYCscck"
    "VRHTmb49d1SJvj1+WsDdzLom6OI1rhW6uA//OKAv7PiwX8Z3xWjpknqUdWjnFaRkecG+ce"
    "xdESPiGbHIuTl9XQUttfy8zQMPob5IaG+R5H3dAwhobpAKRt0jApDx3xfSjRKPHPRZIff/"
    "5MQvulHOnbsBeNwP7WPlN1Sd2HXilbJe721zNWAyduWCNqxiWLmByKcj+ALgpT+KGfMBLl"
    "75+RxR93iG4J10yiQxzC82gQ9tEE+xPiv0XDlY9Q1PQEOmIExwCLfavAZe386bVOkQgnbk"
    "JxpdyeJj6mM3zWH94Ahl3FUE2JaGinNh+e64uPTRnmnJiBuk5kv2ETDZto2ETDJm4QyWiS"
    "gnaSFLQPAbm9X88u7i6uf2pLlWt7Ls889khB+YaXKEB9R76W1YnMyekwn6uYsfN/3GVIsc"
    "JZKAkxdnlz/VPcPH9ASmfjQru2hO8vSWk8Evpz03U8EilOozDqFUWiM1KmoEAlQe2v+M4t"
    "Oer6zGk3cV3LUmfnVZfiBS8F5XhhEzeggbTyT65Fv/LIJtGW/5mpxjUY2aikPw6gvD9oNj"
    "bx+kCDUt+fQ+0d10ZR5QR04IpyPPwm+XGKqfOsjxYThqZ4iXw+6USwX6aGj4SDbf150rDC"
    "sHO4HVeByAQUxi9iQgo7S8EmQ6RgFKVljHlfx7xPPpPapn0ioSHArZRIeILKNd8hysbyKE"
    "dfX8vDRMWYqJintjc6mpx0xfXnO/ZApMdGrG5Wmhigg3PFOm5X60hY8MyGWUNCEEEfROQF"
    "YRFz8QYqjYCiFhf1DB0FfTiqwRHRFyJsY4Z9fwFnM4wIsibMJ+4h+gUOeGB8rskPhd3Zkx"
    "Vro8zmHv/uiEK8h3h/Zdd4VqoZxeFpj45txS9eYXJEA6VicaxENNTUmjc4iFhSHshSBeSM"
    "kIYwt6IQG4/LJspSlxRg43Exdo+xe4zdY+weFbvn5mweTM6CgExn0hKRmfuV1g/jn+CEL4"
    "+rpjXcK+Cn+JHCkclwZB1LOT3eoAXEoE/nfoAsNiUI/l60oMGE2yX90LpAwwhVEWEOvg8w"
    "XLiJQseiZ2HOyLwsu3qs0tHNte0dEcykHgqckTL2jrq9Y1ws7Vs8HrH5B2AFg7lHVYDOy2"
    "kI9vHRSZ24a2hWbvmIm7nIaxbty7VDr5l8I9cB5ObTCSBZamBNsAPPUMK5KGkArwG4MeXX"
    "Katdt+lqmfLmhCNtbLpuIrq3Jp1L7vjy9J7/1pNZdKnb/UqDzuWWC285sOKmtTxacFQdHE"
    "InsoSFg8lFYdQdf38PHYSxauBFOj98/vKkj1zmTbFDfWI/O0TQgxCkgU+cMRhYq9xijB7I"
    "kv8IRozcqbXLh9cx7mrmK8cvqKIdZKW0s+caZPnLTTqhYaka0hkho5HV0MgiUkiSFFdd8T"
    "Att7uah0dtodxcwUPgrTY5n3olZpTbTiu3xobRdpgLWvfTaImfPPqIreUtCQKOti/TFPNN"
    "KrXFWdh44Kdbr1UYf52EmQ5h1oMIK2KgTHHFixCR7GCzQ3TNkMcWb0QYUjSffFDuhtFD4z"
    "cd9kFRG3PtDhIjlnDwE2RSjKnnS5Itdvzs9epiqYLYHf9lF04mbzhzIqniqaIDZoQ01AGb"
    "J/aZ61BuUIIXaq5UHaEgaOCul70/pg4ZzCYsYIoeq6yggbsG3COqBHLU3EBbyyOI7YFHLE"
    "KlFmTl6XAF2R2eDvc0G2GDh8PxjvlLDPjfSC0cME8VfKm8GYD6A7CYsIGF3cGU+D5Wcx1K"
    "RM1iU2OxiXHjNhzX1Af3HpvPlLSV0g4M/ArwW9hxNkE9ljNg1wDbpr7FuK0Kf/5gtASNz5"
    "UsMpVrfGkfZp2vv87nQRQJHFsORNKHGYj6A2HOCihfjPYzO0DCwibVwzcmYdeFSYCHnfF/"
    "Wg587wIX13CMxFaM9mciVsBlWeBD5n6/isv2opYKkQ9nYeCAqJsOA277kEkLdLDInZ3zf9"
    "0gtIOiIHL4mMRpgKuwglXAwVuE0TzMoiWieroAzpbFsu/suUrB7KVcdldc7h0KdWg/dL07"
    "DoTu6hH7EizXUUj3NVruMxnzgZ6U1n7I3F+za4iWm1aAINiaoKiPqCQDRlF1PmjE/7MP0d"
    "lqebbYlI9LmKCExwEJl/x7/kSCCGwE8GvUQXUJiPYf3dpZH6b2w1NtKBuZSX6TNlI3w4b3"
    "0CQy8Uff6TCbcgjlK+p+Eh57UIC6ayPdik3wFBWoOwrsHpegjrGX2AWpYSk3CVKzoG41BG"
    "JDYYLwGL5DdM5Hzo416fCovQcyC0Q4IvWyOrsfVi0YEQT81b0LSS1oMeHKvEdA8SorhNDy"
    "ExXLvxF4vtD5wQaIzlA0x/899VJXZQyYU492c+qR+Er4QuUqVUfOSumHcyvl4ER874ZGbl"
    "5WQ+V4T5RhY+qaYU6GOdYrVAc5JWc4q46P8IAb7b7M6qqolpqR0m97fHFcY3d8cVy6OcIt"
    "c3aAIY1MbJRuo14WG5UJTUzs78Kgl5vUGSFDFMqsOBOLYWIxuhyLUVwDGgD1Q9KRprBmFj"
    "5VHjtFPkA12SLe7yKxjz9/Jg4OqFRjzUAN5yPun/5ahnY2OU3wz9uBlA/t0WRWfmvVI8K/"
    "+Av3fVKUUuYZyTXpV3pIeOMBdbNlLlUqR4vI1wWGgFaIeoX/+4RjYnNRK2BeX1RyCKs3wD"
    "cBp9pQ0baqMPSWvbZT99k4NlpRzcodG3zIPRKoV9rOimmYjNZ8iTAK2oMTrthS7bjCkVQU"
    "1RDy58d1ij/zVuUZgMfF0s94qlb5OWqvI75HR3XwPToqxxfu5apw8FnJ94SpCsZpGR1xbj"
    "yP1VQX7DVbXdB4xDbRMzpO7UkYXUNEGSKqXUj3NSnobsE+CjuvJ7FvVzf7VZZtsOAvsGpX"
    "w6QNKxH+4OfSNkNzos//j+GAVnEWUZhf4z0S7weRyPkWDFCLzV0oTugm9ijHf0y9KbEP0T"
    "nk+Ihc0QXzQnopZ/vu8vFfxBkibxDXdQgkphLIMXokCKMJvecWMxqGFfYCMhua6omdNpFh"
    "VgzCSaJmJOcENdR12wtNgw9DQn7S+1JtNyOmjbr7l+PjFy9eHR+9ePn69OTVq9PXR4nyW7"
    "xVpQq/u/gJFOHMMBQ142RB2yT4ISdrgom6rBybIJfyT28/wx3KglxMKZhO6vpb6e8CR4nq"
    "HuNbrrWH0fKW0GXV9PZDNPwvOHV9iMK1IMydAU15dcYMOIimfuhdilNnwkFEBw5bcL3Xwj"
    "55Gx5O80zmoGr1WVso2cY3tWPFGyaqKn2fltFQ3T6tw+CflhP4pwX+PgYMvrVNgI7ltKsw"
    "0TzUJUUPKwK3SyocahCz3YrdKPBSncgZoUaA7tAkbhHmR+LB0WySTbGyimdReIflO5Mre1"
    "u/U1SfHbjz6UjxlO6cnHYTvc5qfVy+Wh8XHdsCsQ1neVHYzHKVWY59f8G4iaQal1QQNDtn"
    "rSXdpv7MwcuBqrqdl9NQ5W4lamaHh6l0ejKf1gL3tALc0yK495DQqrQ7riR2N4F7v1zffj"
    "p/f/Hx4vxDW3Z56wfX8C1QBee4/S5Rvj3/vK/wuoTY/iA+rsonwVzmEavSQ0p62KEyEquE"
    "e6uLRPWhN3CTZCWNM8w4w4wz7OmdYSbjW+dRl3zsqqdhpJZ+8EyQrzPmSY/lU0lW5D2di4"
    "72cCrUylYMk8QayenUFSJqQ8hhQLdFCXJeiX0R9rbUFS3BEzeRA3vFO9IuATZz7jBEsw7K"
    "c0RUwLo5432dhV3trUZaDVfm6Jut86uzB+7oOL3iQqnbIaVfjd+s/RAnd28LUzGzXEe4gK"
    "PfEikIdPqVd6MrRBMAJo6yaAAr6OavzNEWrxEEOnGLbCTx/qtg9Q760RqkLSeT1gDxuy4R"
    "IXRNqAfvk950VhD43QBb22qe78NeNAdpwMYGpkrlnL+rH/gDrqUT+igNvFBH63PYq/ag+d"
    "LC6QawwscYcfa8FbfefIHJ9stX0pWmhnMarQH/Q6LEgmYwu4T+dJ1v1H2kwbbKxIXoRNO5"
    "hW2oQT4lEJ+4Ld9H4iBHDXGKEJrQ2a5Q2ssPLna9c8vZx1uTMh/C3q7CznTFrBms6oO0n5"
    "+f24CuEGF0FXam63ya0W1x+kR1VaW4/mk1MJE+R93oOoV8/NjYIn4LfWm+hPvWhNhzpznM"
    "4v40xy2YQLTLYMwchy22xOxO9PVRdKUTXkrFqHKaGJUdWBODGhcQWA/tWZi0/iHVpYZ7w8"
    "yjj9haQrRuwDurmI71kfsU9nmb6lJD5LL1yLbFLFMETRO0NigyIXysJYUmYv/rmmITi7hZ"
    "jUoT0Das6ICjShBh1fG5a6PR8g0iUGWNjcPC5GH2EYI3E9XKo+ux17SPRBWIH6EKhN0Xdd"
    "3YnHdsWVzz9mW1J3b49C/uF/fGRZ/C2Mbbv1+iITx9iCbYF/1YLKr4jL703n/hL+uz5NU8"
    "MqZf4dUw8rB7T+Jni/mGuMiIBRNE3HvqEr+s8MVvSUUXMUD/yhXC+K0Xj1tSx12pNkZVqS"
    "5pdQxJja7ou6raL582CXWHNbrKC2XE41Q3DSdub7L16mXrdae8Yjf2lQ3qvBTir00ZWS3K"
    "yGYii0q0hHTkUbWmIArKTOKmNbSFWIjvjVMyYvYS3UON1fnsDeKGAnVgU3T5fugs4aclsr"
    "AbVmGlfBu953DLlIBmOlU+IEX0XbHHmko9LVfqqahEJYamgPmaFKFYSMPsoP3NBhKXzO5u"
    "dnezu6/f3cNQT8m2nsSAlu/no6TJ2n18GMbuekO0wFBf3eXGK0cVjT02RdFNe3iIrpnYjU"
    "fcigZjN5ICM5g88v8HXHEo7udNdy41pKPWcD/qUWJOxxHKypa0qTLZYpVJk/ldrmbtZw5w"
    "nczv1Leo8LllpczWn69qFK6CG4Fq9Kl6+lRqpzEqVZVKlZ1W68+AjvdtA2wtYO0Oqqu5dB"
    "uJ3lpMyClXYHOpQHUpKXECkPDTRB34aDFhQof0Lez6wBKJE4aGoPQP++I0oUME26w4hBcq"
    "F4LW6Qd83kn02Vae0M5pvvCiyiUcM0LacVVNHStbrs+aow032ZC7pL/WYq2M2VL+xelrth"
    "iu0nCVT63/dZSrjBNj5VpfnDNbqe4ljdYzlkKzQtQVXCH/fvkc89GIsQeIxBmyBR/54Rs4"
    "9fFHn9pwOuTVPJhjB9SuYMGQxxaS+KNGeoW4oqFHpuxRrPG8PXQmZFEAXXHtEOKQFhPqRD"
    "Qn0KHQKD55547/zPviCiJe+iuf55L/KNqvQpEW8A+/9cWNrII4asonxEcH1A9f8BmyGRHU"
    "K7ImEK/0lr9K6r3CszTv+R9WTrGKluIufF5FdnWzICVDrbZIrbrUelCtKJ6W0a/edSvhSd"
    "QfjPEj86Ls0FwUXlV54JykOaNAoS5wmLGqrn6n5TRUvvdE2a5lY612UdVBzkqa0s9dHmVj"
    "SZdvXhpb0qb0s2ajLvnYi6VSwYhQJFDSMoZBMaHxOySkEpvXMFJVjFT6C13v6DUs3/6zfH"
    "F9snKyL1XBbC3nN/BSjddyf8COMZegSAioOYxmmHrw04ywmcOFYocs9oEUc7AfvIWfgWkT"
    "KQKIzYgb5vn5kGrgsUWRD2ztSYIj5Mb/hHJj1B2+ER5j7COoH4cC1kfM479z01ccsd1fJU"
    "Lwh4WUYdShODcrIgyJRWcUOnDF+zgEe/y5/E1p0Afq7wtcdxEeB/xuxCTyt3yb6imkDXHy"
    "BwuOkYbEIXb9BVHxV4ddRnOYf80hxyFgEm5rcGMnL13ezNCJXaETYearJr+kZbQLJnhdh0"
    "x8Xc4lvi5QifxDU2NrmZQ51ICpfVGLqX1RwdS+KDK1yfJSF99EQMdU3cbPy3ukWAXcqLmB"
    "tga0ibKg7mFYyRn/gop/IdZACoCv8S+k5DQkp/aXjCpykLFKu8koZ0WNh6HL42w8DOX71n"
    "5yzcbD8D2Oeh0PQ55RqMsP5OUMNZ63ndJ0Tl1UM0IG0mpvQwiWocbXUeOZSbXe35B82QbZ"
    "dcjmF8GOeR5WB3zI/Q6ZA0AqvQ7ZljWyymzKsRHRswGQ8xjde2w+O0QXgS9CdWlIyAO5i+"
    "aCSl9MqDVBcR1ghD3C/yKo+U9sUa0wOkkgCsiV5Znt5JnrmXxDwHeFgH/gf6oKwRa3Nwxb"
    "DYYtoIGjxA0nAvqR762ESaffTAHmnJh+YJ/WAvu0AuxTCdhi71D11mWlGoFaa3cdePsHPv"
    "mjiHFp5d20yPr6u02ty0dtARzW3z1+fvLq5PWLlydJ2d3kSlW13SLpHiooA1FmXgHUvJgB"
    "Ng/sYsIGFnbhhEK1UsU5ud2pEr2rc/DUtKWh5ZaGOitD+cKQXxdi1IhNuSnljtkmkGeEd4"
    "j72Yeri+u9hh3bFUfZrQc+J26gV4B+RpWUu5yYgboG1GC6RtOTL8tkMKFQSEZ26npVYEBF"
    "LyZMQCFMwHcYBxJq5viEv4AtWXFK1RaprNFd8hDb1MezGcHw0A1QLhPfCOiuWZINQ039AX"
    "EtbzkLZJXY1kUaZUTNKqISbGQF9JEGy00iUbKiGnqr99c7XQxKCIPxBlD8WNGVWpTcgkvv"
    "2DLWkId6whauIh2TkTE7gkS/EQBtsT5JOzDxcl1epEy8XPnntZ+RUyZe7nsc9TrxcvEXO1"
    "oq6iMFQaOOVEZ3rfAqotxWHFI3cV0bhlSYWpk4JP4W6PqXy8uqQKS0i24Uxf/kbFmFI6XT"
    "oUWX0N8eLmFl2GfNf5fraNseWn4hOtEVolK/ggpEV6ITfSEK48+2xUjrI+9n1N0SoE+0zg"
    "nsewmOb02IPXcI+OGamEu3cX8aTqpdxdyGG9+awNtkd6wXfTtwkvaKR5OHyzCazQM4bRuj"
    "dK9RAV8o07FwkUP9YN1R4xv0Vnmedz7COPwz8zVzTWBtVwJrk2lY12+dCGgYWtvUca6GT9"
    "KXWajDJ2UWekVuoShqksdM5b8dsjWmSF0domZtkbqy9aABaPP5XppCLFkKu5SVF5E9ErNg"
    "RQOV2wJ01abuyW5sjJ4fv0Yedm02RSM4T00o8RyP1TFsEywOYfudUTdOm4MMupHHsG1huT"
    "3QcO/r8+r+7K0wLgwztCVfZ3AACb+SjEOEcTSl4i+iJxpz/MQv34xd0RW7Ij63sK5ZEbfX"
    "rlLei+MaNsWL4/Jabsd5m6JDx+x108vSdROiViQCTCKuZKiEe6ZFTEBPMaCHY6OcX5WRMQ"
    "HKeUg98sg2KxaXlTRrUZfXIsNilX9Q+rJYJipKt1GvFRVluMs2uUsTdNYkslVBZ4Zza5Nz"
    "k8/p3fHG3ZzCO4jva5PSjIKzJJTmKmyrnNKcrtrUoDSj03ppPugADuxYoIOhQ8YBHCIs3v"
    "GZYBnJGEgxdIW9h7DCF38OXx8DIip8Mb4dI4/60oJiLT9NGhKRX4GkpwcbxrIrjKXH1Ipg"
    "xe1NXZA6qfvgMtjIlsgIamhK7K/pULQYo1VUdYhTYoYH6vL4jqmnXPUrI7M7AvV5W4tkww"
    "TqU9RR69gX0njRDOLQR3FChRquBTlD9xfpfqyKalrEACoFdBPnCTaek33YMQPG/4ZNFyS5"
    "sFnyi5+RQGqDxakgZ8CtAld9ocrLmtWqy6sV9dPnEeeSztZUwEoJmvpXCvWvouJGcxe+Eo"
    "WlqyBnlCtJSTdIWtuknttKboeTOWZY93YuwyHem9RJWomZ/aHL+0O42ISF2NQULYmkUbUk"
    "ReDn4BycuwGV5GRWf0Q5UfMhdflDwp414VadqrmSFzOfUPETmlF3M0dTRtB8Pl3+fFwW0D"
    "G1okIK5FEtg10uvcsC7JeXvba+pjZ9uLaHx5LP6o58LWPUYwEdji6q+oDO/3GX+XZiEA+u"
    "zv7xLPP9XN5c/xQ3T4H+/vLmnQztweZBuDJ5s6x1eVkzYfbl69p+BlybMPvvcdTrhNnzlp"
    "tEgefETAx4LrreJC+0Ca8pvGIyFnYMcTsZC6bGTeM1buKdaXewdnMHW4tqbgvvVALIB/Em"
    "Sa1QSSJIrkW/KiEk/LuSSqaicY3MkKh5XKEySt2IOkNj5kFRyqlPnEc46N1hrjTjY8Neah"
    "e3jIYPmFiT09HVnA6jD7aqDyoeOLTrINA98loY6meTqdpxo7/I9USbkuJSlJUyq5CxSndo"
    "lRpTqXFTKaUPb4mqfkX988Bm174u1f+sMJJqWUdKVtGNS/jzIb+eGy+R5CEacpVqiKjPzR"
    "rXJ4i6PrX5/wI/W8Yf8tW5MRPmrDPPJl7RYGr6AV/cL+4nOL4CLbDzgA5y6nQf8Z6fHaJr"
    "hmZgpU3xEokKoyMSdsDfYrRE1H6DPoXL1e3fL9GCzR077BAeR20kZi//xWPz+8kXF7pYjp"
    "jNO+Mw/uDHf4mPDvwZIfbhlD/5C9QDcLDLvxc+5fDsS+9Z/SR+Ye/10W8QtGhHVqFDIYAx"
    "NVP1NAjFk+Cfkz2zAo2Z0pSZ8sD/jiKU5aE2cXsNz4p4/rJGcM3zvLGxiq6BW7k8G/JVKb"
    "ombm+CazYIriEBprLD8f52e3Ndlh6ciOStbGoF6D/igBytkAcsqpHPg5xbm6GDPPIemTlL"
    "vskqWmw5MeP4zq0dExFf7zEWKAJblDTY5oLyuXYHlegHQrtkrsRwq0wnksqbHDmFvKKihq"
    "2gg0iFddgzs/rIy5Ma+sjLk1J9BG4VgmkCQG6C/YkS4Dk5g/V6rKk/CBM6FdeWjJxZU1Ry"
    "FSkfTtU855WQwVoBa2LTzZxbGUETvN5l11Yc7LFBokJG0oxyl0fZnD3zPYyyiUb4Loa5Q5"
    "kn5mNu72M2MXDtxsCBH1AR2IyQ4dtMWkQ30iJWPm0TwV+BbebrVY7fL5pMYybB/F0k/PHn"
    "z8RJZqsc7mJQviazWsrDb4dVBNJV2JmuWHnkkfqNgfU56k1ftLDVwNT6HHWjK0w+fixJ8V"
    "JB6RZ60Xyp8q0JsecOWEhbzqnbuKf6iO3JrpoBbMwchy24wrIdWnfCmf1RdKbT3FKKY83U"
    "wirH88Yld4z/sx7VT7TOkrYv026zMN9YXyiP9k1pFGuDfgfTVOO1wb+/ThjCSUJjrAb14y"
    "RG6iFxQrH/VkTFzhxsER+OuoLfIEhMnF4V/R718gOE9Ip4pmIocPuPayLJ8s/eagDTUeLQ"
    "jHydcfMy1H+i8Y3GLJor8QTvicYcfvHLNz3idE3ipiGtTOLmjiKiTUafyejrIpwmo89k9H"
    "UT2M5n9CVsV7munybE1iv7Xrp1DW1fFCyJ9W8fUzs6jBZhF0FE1CH6iUFiHQ0mcS4eBFyi"
    "xYS4/EKYr7eqcxKHHcs0/TYfJdHya+rw/XTkl1HodVDoTXLT7pKbOhNu2dEtSouwDmN4tK"
    "8pG7VOB7UO6GuJKhex2uXqW8Seq5SsC8+QAPIzXyOhv9KPRH0C0Ih4V+K8FjRcBccO0QG8"
    "/pvoTqhizd2w42dVhe528mxFnU7GxSXHbGyj2MFKmHpOKrjYqIs6qIudOcWlo8uxFiqMSS"
    "b4HkbZuHJa5cqjBU/5JIG8nIlC7rZjZ70K0ElITWB3FwK7k499d36fbi4Ka+HNL4sNlGev"
    "wSfEsVjtswldWEaa5xK24geSsF0JSZAO6S1nCrx0q/V0gYvIlP1Oc6XpZ/MAgfUWG/RvkQ"
    "8mO3Z4AzZziKiyGF8KO0ja9hF/gwkXt2S18Nt/njSgKzXbhbhoCItHZShX7Hc1drwOdnwy"
    "8FnMy4vHJAIalgxsoUSPSdT+Hkzortki3R1aE2TWEePOuM6aVXfN6WWNB/A9jTcyk/4msT"
    "jy6XHlVkeYjtfI4VoPhMxEDgcWVWwRG0eZHmzh1j9ca20vlXkf8R9SyzroZzQYYyvoYCsY"
    "ZdYos0aZNcps95RZo3CZjImO2wdPpMzmqxPIFFpJBYMKpTapnLCNYgupx3w2woFCUKzHRw"
    "6fFV4fka+8FzijiM+oN2GcnKgOHr3ahY2m+AHOg0UemXGdAk2wN3X4zbVKcDtPrE6UXnvu"
    "UJnqDG9o9GZt9OZuVMfv2uq6o/L4RbDLj5BJiWx1hEzXoK6AtpUzZOL1qwB9tZmYEjM2Yq"
    "dtRK7zBRLdsHwZSwR2t3T1Pp1ff7i4/qmtzSK7fr2usXy9Ll29XucXL+J5sqKD5UtXImDO"
    "vtp83TIMV/lsh8JdN66z7CXVwfZhNYsm9L6U2Taj3tYeVqhoZ8LedQ7P3p+NzJDIhkTuDq"
    "TNksgmg2BnGQRPwdd3c5Hdhq7fLIGgOb4+Ux9XwtXn6+eW8/TRsbHjVdNaZUzD9kB3hx28"
    "QaMlWng04MCHqet9NCLwS1R3NM5o7yPmRdLhSx6iIfWj5/P2w/Cpb4CIX4pKRgXGfsfP/+"
    "K6rC+C6DP9IxsKKrksQNYEu7H7AIYXXoUGPnHG67l/OK63QPcbSr4rlHx6ZhShX3eiZ0Z0"
    "hwdNxqOyt+dMGn5lkwHouGVdJFQ2OOW8mePN92hQjdlnzL7uQNqs2SeUn10aIvuKamrV61"
    "LU0BnxqDXpSeyP6E6l5YFXbdaZHOWArq9jpaRMl5ZOl66Rksrp0ehtp0S3SdQ3Uja9XGEG"
    "QkJK4pS7fFMiGsarHJ+e1vD48lalPl9xL7vTw0elgHDUXEN0nx8d1UCXtypFV9wzAUFP6F"
    "gv6Fy73My+/T8myqSH"
)
