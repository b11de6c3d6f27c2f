"""The first tables: accounts, conversations, messages, and the log with its 16 partitions.

Made by aerich from the models. By hand: the key of `event`, CHECKs, the two partial indexes, and the log's first rows.
"""

import secrets

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


def _random() -> int:
    return int.from_bytes(secrets.token_bytes(8), "big", signed=True)


def _first_rows() -> str:
    """Position 0 of each partition, so that there is always a row to compare a cursor with; and the epoch."""
    nobody = "00000000-0000-0000-0000-000000000000"
    out = [f"INSERT INTO log_epoch (id, value) VALUES (1, {_random()});"]
    for partition in range(16):
        tag = _random()
        out.append(
            "INSERT INTO log_partition (partition, head, tag, tag_before, floor)"
            f" VALUES ({partition}, 0, {tag}, 0, 0);"
            "INSERT INTO event (partition, position, tag, stream_id, kind, payload, created_at)"
            f" VALUES ({partition}, 0, {tag}, '{nobody}', 'START', '{{}}', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));"
        )
    return "\n".join(out)


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "log_epoch" (
            "id" SMALLINT NOT NULL PRIMARY KEY,
            "value" BIGINT NOT NULL,
            CONSTRAINT "ck_log_epoch_one" CHECK ("id" = 1)
        );
        CREATE TABLE "event" (
            "partition" SMALLINT NOT NULL,
            "position" BIGINT NOT NULL,
            "tag" BIGINT NOT NULL,
            "stream_id" CHAR(36) NOT NULL,
            "kind" VARCHAR(40) NOT NULL,
            "payload" JSON NOT NULL,
            "hidden_from" JSON,
            "created_at" TIMESTAMP NOT NULL,
            PRIMARY KEY ("partition", "position"),
            CONSTRAINT "ck_event_partition" CHECK ("partition" BETWEEN 0 AND 15),
            CONSTRAINT "ck_event_position" CHECK ("position" >= 0)
        );
        CREATE INDEX "idx_event_stream__63df5e" ON "event" ("stream_id", "position");
        CREATE TABLE "log_partition" (
            "partition" SMALLINT NOT NULL PRIMARY KEY,
            "head" BIGINT NOT NULL,
            "tag" BIGINT NOT NULL,
            "tag_before" BIGINT NOT NULL,
            "floor" BIGINT NOT NULL,
            CONSTRAINT "ck_log_partition_number" CHECK ("partition" BETWEEN 0 AND 15),
            CONSTRAINT "ck_log_partition_floor" CHECK ("floor" BETWEEN 0 AND "head")
        );
        CREATE TABLE "membership" (
            "id" CHAR(36) NOT NULL PRIMARY KEY,
            "stream_id" CHAR(36) NOT NULL,
            "user_id" CHAR(36) NOT NULL,
            "partition" SMALLINT NOT NULL,
            "from_position" BIGINT NOT NULL,
            "to_position" BIGINT,
            CONSTRAINT "ck_membership_partition" CHECK ("partition" BETWEEN 0 AND 15),
            CONSTRAINT "ck_membership_interval" CHECK ("to_position" >= "from_position")
        );
        CREATE INDEX "idx_membership_user_id_550878" ON "membership" ("user_id");
        CREATE TABLE "one_time_code" (
            "identifier" VARCHAR(255) NOT NULL PRIMARY KEY,
            "code_hash" VARCHAR(64) NOT NULL,
            "attempts" SMALLINT NOT NULL,
            "sent_at" TIMESTAMP NOT NULL,
            "expires_at" TIMESTAMP NOT NULL,
            CONSTRAINT "ck_one_time_code_attempts" CHECK ("attempts" >= 0)
        );
        CREATE INDEX "idx_one_time_co_expires_9f8968" ON "one_time_code" ("expires_at");
        CREATE TABLE "user_account" (
            "id" CHAR(36) NOT NULL PRIMARY KEY,
            "username" VARCHAR(50) NOT NULL,
            "username_key" VARCHAR(50) NOT NULL UNIQUE,
            "email" VARCHAR(255),
            "email_key" VARCHAR(255) UNIQUE,
            "email_verified" INT NOT NULL,
            "phone_number" VARCHAR(20) UNIQUE,
            "phone_verified" INT NOT NULL,
            "password_hash" VARCHAR(255),
            "display_name" VARCHAR(100) NOT NULL,
            "bio" VARCHAR(500),
            "role" VARCHAR(16) NOT NULL,
            "needs_profile_setup" INT NOT NULL,
            "deleted_at" TIMESTAMP,
            "created_at" TIMESTAMP NOT NULL,
            "updated_at" TIMESTAMP NOT NULL,
            CONSTRAINT "ck_user_account_role" CHECK ("role" IN ('USER', 'MODERATOR', 'ADMIN'))
        );
        CREATE TABLE "device" (
            "id" CHAR(36) NOT NULL PRIMARY KEY,
            "number" SMALLINT NOT NULL,
            "installation_id" VARCHAR(128) NOT NULL,
            "name" VARCHAR(100) NOT NULL,
            "platform" VARCHAR(16) NOT NULL,
            "last_seen_at" TIMESTAMP NOT NULL,
            "created_at" TIMESTAMP NOT NULL,
            "updated_at" TIMESTAMP NOT NULL,
            "user_id" CHAR(36) NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "uid_device_user_id_f7ab04" UNIQUE ("user_id", "installation_id"),
            CONSTRAINT "uid_device_user_id_6c3af2" UNIQUE ("user_id", "number"),
            CONSTRAINT "ck_device_number" CHECK ("number" BETWEEN 1 AND 127),
            CONSTRAINT "ck_device_platform" CHECK ("platform" IN ('WEB', 'IOS', 'ANDROID', 'DESKTOP', 'CLI', 'OTHER'))
        );
        CREATE TABLE "session" (
            "id" CHAR(36) NOT NULL PRIMARY KEY,
            "ip_address" VARCHAR(45),
            "user_agent" VARCHAR(255),
            "last_used_at" TIMESTAMP NOT NULL,
            "expires_at" TIMESTAMP NOT NULL,
            "ended_at" TIMESTAMP,
            "end_reason" VARCHAR(32),
            "created_at" TIMESTAMP NOT NULL,
            "updated_at" TIMESTAMP NOT NULL,
            "device_id" CHAR(36) NOT NULL REFERENCES "device" ("id") ON DELETE CASCADE,
            "user_id" CHAR(36) NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "ck_session_end" CHECK ("end_reason" IS NULL OR "ended_at" IS NOT NULL)
        );
        CREATE INDEX "idx_session_user_id_6ba2f1" ON "session" ("user_id", "ended_at");
        CREATE INDEX "idx_session_device__7f144d" ON "session" ("device_id");
        CREATE INDEX "idx_session_expires_823c67" ON "session" ("expires_at");
        CREATE TABLE "refresh_token" (
            "token_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
            "used_at" TIMESTAMP,
            "expires_at" TIMESTAMP NOT NULL,
            "created_at" TIMESTAMP NOT NULL,
            "session_id" CHAR(36) NOT NULL REFERENCES "session" ("id") ON DELETE CASCADE
        );
        CREATE INDEX "idx_refresh_tok_session_e0eedc" ON "refresh_token" ("session_id");
        CREATE INDEX "idx_refresh_tok_expires_3e54da" ON "refresh_token" ("expires_at");
        CREATE TABLE "conversation" (
            "id" CHAR(36) NOT NULL PRIMARY KEY,
            "kind" VARCHAR(16) NOT NULL,
            "title" VARCHAR(100),
            "description" VARCHAR(500),
            "direct_key" VARCHAR(80) UNIQUE,
            "last_seq" INT NOT NULL,
            "member_count" INT NOT NULL,
            "activity_at" TIMESTAMP NOT NULL,
            "created_at" TIMESTAMP NOT NULL,
            "updated_at" TIMESTAMP NOT NULL,
            "created_by_id" CHAR(36) REFERENCES "user_account" ("id") ON DELETE SET NULL,
            CONSTRAINT "ck_conversation_kind" CHECK ("kind" IN ('DIRECT', 'GROUP', 'BROADCAST')),
            CONSTRAINT "ck_conversation_direct_key" CHECK (("kind" = 'DIRECT') = ("direct_key" IS NOT NULL)),
            CONSTRAINT "ck_conversation_counts" CHECK ("last_seq" >= 0 AND "member_count" >= 0)
        );
        CREATE TABLE "member" (
            "id" CHAR(36) NOT NULL PRIMARY KEY,
            "role" VARCHAR(8) NOT NULL,
            "joined_at" TIMESTAMP NOT NULL,
            "left_at" TIMESTAMP,
            "first_seq" INT NOT NULL,
            "last_seq" INT,
            "delivered_seq" INT NOT NULL,
            "read_seq" INT NOT NULL,
            "read_at" TIMESTAMP,
            "created_at" TIMESTAMP NOT NULL,
            "updated_at" TIMESTAMP NOT NULL,
            "added_by_id" CHAR(36) REFERENCES "user_account" ("id") ON DELETE SET NULL,
            "conversation_id" CHAR(36) NOT NULL REFERENCES "conversation" ("id") ON DELETE CASCADE,
            "user_id" CHAR(36) NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "uid_member_convers_6584d9" UNIQUE ("conversation_id", "user_id"),
            CONSTRAINT "ck_member_role" CHECK ("role" IN ('OWNER', 'ADMIN', 'MEMBER')),
            CONSTRAINT "ck_member_marks" CHECK ("first_seq" >= 1 AND "delivered_seq" >= 0 AND "read_seq" >= 0)
        );
        CREATE TABLE "message" (
            "id" CHAR(36) NOT NULL PRIMARY KEY,
            "seq" INT NOT NULL,
            "kind" VARCHAR(16) NOT NULL,
            "text" TEXT,
            "reply_to_id" CHAR(36),
            "client_message_id" VARCHAR(64),
            "content_hash" VARCHAR(64),
            "silent" INT NOT NULL,
            "edited_at" TIMESTAMP,
            "deleted_at" TIMESTAMP,
            "created_at" TIMESTAMP NOT NULL,
            "updated_at" TIMESTAMP,
            "conversation_id" CHAR(36) NOT NULL REFERENCES "conversation" ("id") ON DELETE CASCADE,
            "sender_id" CHAR(36) REFERENCES "user_account" ("id") ON DELETE SET NULL,
            CONSTRAINT "uid_message_convers_bc0d0e" UNIQUE ("conversation_id", "seq"),
            CONSTRAINT "uid_message_sender__49f68c" UNIQUE ("sender_id", "client_message_id"),
            CONSTRAINT "ck_message_seq" CHECK ("seq" >= 1),
            CONSTRAINT "ck_message_kind" CHECK ("kind" IN ('TEXT', 'IMAGE', 'VIDEO', 'AUDIO', 'VOICE', 'FILE', 'LOCATION', 'CONTACT', 'ENCRYPTED',
                    'SYSTEM', 'CALL')),
            CONSTRAINT "ck_message_client_id" CHECK ("client_message_id" IS NULL OR "content_hash" IS NOT NULL)
        );
        CREATE TABLE "aerich" (
            "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            "version" VARCHAR(255) NOT NULL,
            "app" VARCHAR(100) NOT NULL,
            "content" JSON NOT NULL
        );
        CREATE UNIQUE INDEX "uq_membership_open" ON "membership" ("stream_id", "user_id") WHERE "to_position" IS NULL;
        CREATE INDEX "idx_member_user_in" ON "member" ("user_id") WHERE "left_at" IS NULL;
        """ + _first_rows()


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "message";
        DROP TABLE "member";
        DROP TABLE "conversation";
        DROP TABLE "refresh_token";
        DROP TABLE "session";
        DROP TABLE "device";
        DROP TABLE "user_account";
        DROP TABLE "one_time_code";
        DROP TABLE "membership";
        DROP TABLE "log_partition";
        DROP TABLE "event";
        DROP TABLE "log_epoch";
        """


MODELS_STATE = (
    "eJztXW1z2zYS/isYfal942hsWX659OZmbMdt3folFyt3mTYdGiIhCTUFMARlRdPmvx+WL+"
    "I7TcqiStH4kFgCsCT1LLDYfRYA/+xMuUFM0b3m40uL65POW/Rnh+EpkR9SdXuogy0rrIEC"
    "Bw9Nt7HJxxpZNhsKx8a6IytG2BREFhlE6Da1HMoZNL9jBNl8/hZhZGNm8Clis+mQ2MgmjM"
    "yJgeYTwmTlEOuPMwtRISuEw21i7CHBkTPBDmIcEWybVErpM1twG5qNOTcQZgs0lY278DAG"
    "1+XTUDbe8H1njH6ZEc3hY+JMiC3v/tvvspgyg3wlIvhqPWojSkwjhjw14AJuueYsLLfsfo"
    "pN84o5P7it4XcNNZ2bsykLJayFM+FsKUKZA6Vj+dNs7BAjog42M01fdUGR97yywLFnZPmg"
    "RlhgkBGemaBUkPaeICzraNrt3UC7vxxoWiel8EAiogu/SOcMOot8VuFiMIZHeHPYOzk+lb"
    "XuE8KXk2/eDUNQvOYuNDdn19dXt4PON7cRdrDXzAU5RPUJm/L3pYA9p+NcWJci60E2KAih"
    "DYfH5rD9Z693eHjS2z88Pj3qn5wcne4vkU5XFeF+fvUjoC4bcDnaPTvgqQF69ugxogUogD"
    "E1x7ahpWp4j+e1TVdNe9NkCWZ47MIJvxseOGK6nghz8syaW1do1siySSmT5kwk/p6VmMiL"
    "yu5hyOEzIYgzcwGGRyBdGg6pD4Rt2Zyb0mgM+czpooFs9UgWYEt2LGw7FK67hywu3E+72b"
    "as7hs+b8R+68gnIniq+SbIF+/8nmvdlk0qDcWoVHvs3AbGYpFJXOq96nwTE2yTcVx94glR"
    "dfC4Wt/2BdqE40Y6dgh5zAbFgf/48epdNuxxwxUHfzajRhdEt1AFBWhe/HT2YefweNc31c"
    "7YditdkBKQPsqnT6N5McF2NppB+wSQ8sG2EELpU3zVTMLGDsRE/f0CSP979sFFtb+/G++l"
    "t35Nz62Kg2vhhclxBr4/39/d5pncpUgCYoPqDvoLmVRso8EogBbAgCtPhfhiRiHduTn7lE"
    "T74vruPNmt4QLnCegn1DAI00Y2n1aBPyH2IhX4jsZr1YAuza7ERsNOWgHvZI1DpyRbCXHJ"
    "pA580W7woV2DYXB1c3k/OLt5H9PHu7PBJdT03NJFonTnOKGj5UXQ/64GPyH4in69u71Mqm"
    "3ZbvBrB54JzxyuMT7XsBHFJCgOihoU+L1feqjZwd/7qAdbzGvFnN3nA0EIrAgzEB8hgvUJ"
    "/IWI7OAYLS8kuuhBOn3akIy4TR4gBoMmssiL5aDyAdnEMrEO1JNs5TYQ8mcgN84z0vHgBu"
    "/7Am6rSSFHEyLAOpiuCclyLYoikEBChSArhyAq6vs7IPdNWWXkI3JKASsrYGRyblfDfimi"
    "YN9GSv2GQLpMTKiV5VdFagu9qmm83bMu1RlDEnFiP2FTfkDzCZX+DUaWvAZnSBAi5Depmi"
    "dZgEHoO4E8dmcPDbkzAb9ISEndnBnE+F56OG/+4JQBd86lUyOlGQdHJu1UbfTOZdj2mSA2"
    "UFb5/Ho1Emz97NfzXlXnX6MZ0wEt5N4J/uv/u7P5mOpZOizfx1KM49oZx6BrVwA0IqLgTH"
    "GMzYm0mjFNryO5AwSgtloKMyXaJmw37frzFZWQEFxJBQ3jb1+dE/qOPFGdZDmgfk2h82mE"
    "bUot6qASbGkuXe8OSDXsL6noogdv8dgD2jnodg96J7tAqFFHIO8WiBrgMwKBdk/HTHqQls"
    "0dLvti9mKOum6U4VZ6fmTH7bPhTV2/cg+Fld5tPV9z1YVrjXU9ZQ/p6rBaTze5/thlZC5/"
    "/5Z5ob6CKk7woVSbZqB1zO7J0ZACNj//nSHawlT4Qe+0RC5ctspNhrt1cdTdvxWgDtq3Ed"
    "/9MmsNZKt8fPfTqw1krxxxOyPfnY9xVKaNOB+XgTmZPo2gfJwE2cTC0QQhbIW8dlJWZbYb"
    "l9lWCxjKjTL5A407Zi5852tL1O77iYVan1nGilqPSyqtN0XrGYPdf3pFSq4xgEmxBnF009"
    "D+IKMyGcf+QhYuwFfgWTM9y+Xzw/6P/mW2E9KwNLRENp4v4+toh5K/Xf5i4nje29n9xdm7"
    "y863fBomkrAgQsASoAy6zJf84ZcPxItf8pG+967SIrC/1clU3TEykCb9Qn7rZNBV0eq9Is"
    "6KM6LB3CAf3yhJXQ3cXUAEmfSJIBBzKSWGqEGYQ0ewfXGHvJliaiJuo8vuwXF/DzHp8WOT"
    "CmLsejuEXEHqCGKOgHPy9kIiDFnPR7KQHydYTLLXom3y5mUyp+SrRaVhglm4KHkaPGCl2D"
    "8mtZ5w6e9dnBYLlnpHRyWiJdkqN1xy64qpLFC2BgqtAnxMqIVh6nG/BPDH/VzcoSoepmLH"
    "IVPLyZgGijnDqNzmWMP9ulBeH2Uo5NBfISaIiLUwINjeACAd90XmjYo6jksqNTdOzQ3JZ3"
    "4gI/lDJgP+SDK3K8TqC/1E22spHaGgaSk/EWbQ5b4B/xrIvYZ0tfzAARrJf0YXnSEZkBiu"
    "f6fzKSxlAxgQHjnE2y4wlnck3so3d/eAd4FsL3Fzty61l91rv0yElvIZ3aet7LrEpVrnM6"
    "7Lc8l3GKEnrELGiXUycQ1bCrLtBlnNu69OzSqZkm9Rt5NWL5NMiUy0Ka0XrJ+OSSlyvZhc"
    "FyFX+0J+vX2s716CYo/3rKose53BQYB9RlwQUUt+SBDpBSU22iAhOwYx3lDmry3sokupOS"
    "PwpL1zpB6J5bjnTFE77rMLNJ0JBw2JLNb5mAGZ652pZxNwvDI22GzijlU21shyAvd3fX6I"
    "AbynqhYSqIWQNZi6omCAWjD5yPYZxGYBbx+TWikGa1gAkDi4pgxv38+n7ftHSfrYHSXSUL"
    "EMby0f57hU+3BeY4IksaBsxSA3KdtC53hLnGEV6io1L9Uc+BVVlRyRU5xVwzWsyaBdZEVd"
    "+dNjXKp90+Nhr8TseNjLnRyhSh0hpkgjtQK3bVovswI3jL9TSs8PqWNCiihUJy2oRc0NY1"
    "yfXdSctgFrADXcIN5SWGOGb/XV4h63mga8ylrx5LKVliBe64Jxd9BnUP2BMcjn+T2OTdf5"
    "rOwbK878Y6y66OEf2iNZPCDP3PvvipiQyIpsOAp0KrxTQgPC3VMU2jH5HN6FgwX53lvKnf"
    "GyiprvteaX7SiqvkaqHjpq1R3fUZkWLvM+KrPp+yh/z/dRast3ABiMtVWADuRaty5t/VAT"
    "2MZSie4JBNrH9NSSCHHxqtqRY0JrAbpBnbhGmJ+IDRuZss6P5twkmBXBHRVOYD6U0nXZ6W"
    "XJZufA87u76xiHcn6VODXr9uPN+eWHnQNXDbIR9Tzx9CYSawI7/PJO8yk4pSMh17qOXsZa"
    "9/KtdS99FoqL2Iq9PC2senmVXo6FmHMZIlVdK58SVDNnKZNuUGGZeKFVdbeTci10uWs5aG"
    "lIeRWY/ebt68xHpcA9KgD3KA2uLQ1zFXSD9pvrvJ2P95cf6grG6z6/ihFiCM2y+YiaRBPE"
    "mVkVZ8ecK2xwigwcla2dIT22dpUMZ1xSrRJpTkJTbXlpfx5brV54jVrPW71QYVt5MsX5wp"
    "Rb69KbWZvG1BFWRSAFU0T0pTQvROwicqmt9RyKUZMDWmLmv5foZWh5L0FqKU7hm5s2hdJW"
    "DsKptDF4/FJrfuNdpUVdqc6lEzErlbGEImnF8pdS6MmWJZZSGNQmuoN0WLTAbYTR2OYzq4"
    "uuHIFsPg9etQppezSTWrH9d4kFPcVdB+ER+XDGHTOQP9TgkmxMspZUbOSeamnF9iyteJQ/"
    "tQpFFrRvI7+7doLMoU41AnIp0D6Ctxb2PPpkFWBOiLUP7FrYdG/uqLqqIi7VtmzzaRmcT/"
    "NhPk2h7L/Y4Usa49yDNqMirTlos3fQP+mfHh73l6dtLkuKjtxME+Seg6ItV7mWBDUppoBN"
    "AivdW/pEncUK9GRCtIX85PbykSr50H4aWiUfXqPW85IPWWN9uKi42y8l+IKwvGG+dS1b/k"
    "K80ijXtfGvmbg+u0Et1bVim9TkU6Dbj9fX5XapbZavb5rhaiQTvTUg1UlF+10qg4QOO1s+"
    "/TwN25Tewwfv/8UoSlzD+1TmaOfBJCN40cCD+4y7wBMPyQh4TnSD7UePA5b3kabfIS4HzO"
    "VUiGwqMinnmu+W+ariJB3v7q9W7yRuKgm9Bes0by5hPV5dsCZIpTKcUj6llGSU/uCUreTH"
    "xwRb6MZvr9uejtZ8K1pVxRExtQC0yfodUbsyLxyT2Rx/eVCXkVwzf/l3MO0NGyHrhlQ6pv"
    "QJlgZUxDUlp9j2JLRAOVVENSqiAM0EtPqMGRFTM2aTZ0yVtcgfStvJX6usxWvUepmshbcW"
    "u3LOIiGmMhaJI3MjLFrVbFBaVJ0BqY7U3GR+LUEBvzDDVnFDS0Mhfj7Vlh63zx+1qU4vLQ"
    "NtpdNLg5lJ5YafQTUxhVfODNeb0/NSoJlJvWV2tCirFzZ6Nq13xyIbM3zJLnqQ4f8D7Oow"
    "CBMEUSaoIf84IpaKc9NqsO/DTa1x2yB2OpO37ht8Zp/Ze3dPyRybj2gnYXr2kLzybhfdcm"
    "TJVmiKF4jIBnC0p3sB+RTDBaLGW/Temxju/3ON5nxmGt4F4XbUQG7/lV9sPhtPPjO4xGLI"
    "DXkxCeN3ItzZsiMsQozuVN75M6QtTcwYvCLYxtbnTu6ZoelcIxAuv8NrvwS8hMMderpJ4d"
    "3t/q3c94K1Mhfp3gn+629ZArIar7ZxSm2LGGC1n6jO/UTkawatMZClOduJ/PZt2OBSxFZc"
    "fhrEiIoAw52bs0+7MbLi+u72x6B5BPOL67vzFD1smQtp6itGaAkxRSkkKIXUTFjBVmQKt6"
    "Fvx+3Gcb+E3YCX3efYDahKETkOIFf1EMWknML6eawFNTNfdVl4DloopE4HrXD2GTHoalx/"
    "TFCl8ZrD7KcTOup8u9egZZWsfRVqblB2Vg3m+gazyhvWGUN5vGJFYGNCKipVqcNmpA5Djl"
    "xluQqwjY3eRuW4zohN9UknI8Xl1+wVZbhw2Oa5BFc+pms+biyX9s+0nRmsv6/Al2VVGk/5"
    "5ydTwApUPJApItLCREAtL+qAQVUBYb95C9Gt5WAxn/lMI/zz/d1tIVmaFZ5Q3UF/IZOKbc"
    "wQFoALYBQnXpI5loQvBhc4z3LGNjmZffs/TrUM8w=="
)
