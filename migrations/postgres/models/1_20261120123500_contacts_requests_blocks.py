"""Contacts, contact requests, blocks, connection codes, words to find people by; what a block hides in conversations.

Made by aerich from the models. By hand: CHECKs, the partial index, defaults (the release before inserts without the new columns), the collation of words.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "contact" (
            "id" UUID NOT NULL PRIMARY KEY,
            "nickname" VARCHAR(100),
            "is_favorite" BOOL NOT NULL,
            "added_at" TIMESTAMPTZ NOT NULL,
            "removed_at" TIMESTAMPTZ,
            "created_at" TIMESTAMPTZ NOT NULL,
            "updated_at" TIMESTAMPTZ NOT NULL,
            "owner_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "uid_contact_owner_i_cd4335" UNIQUE ("owner_id", "user_id"),
            CONSTRAINT "ck_contact_other" CHECK ("owner_id" <> "user_id")
        );
        CREATE INDEX "idx_contact_user_id_4394dc" ON "contact" ("user_id");
        CREATE TABLE "contact_request" (
            "id" UUID NOT NULL PRIMARY KEY,
            "pair_key" VARCHAR(80) NOT NULL UNIQUE,
            "note" VARCHAR(300),
            "state" VARCHAR(16) NOT NULL,
            "via" VARCHAR(16) NOT NULL,
            "is_hidden" BOOL NOT NULL,
            "asked_at" TIMESTAMPTZ NOT NULL,
            "answered_at" TIMESTAMPTZ,
            "created_at" TIMESTAMPTZ NOT NULL,
            "updated_at" TIMESTAMPTZ NOT NULL,
            "recipient_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            "sender_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "ck_contact_request_other" CHECK ("sender_id" <> "recipient_id"),
            CONSTRAINT "ck_contact_request_state" CHECK ("state" IN ('PENDING', 'ACCEPTED', 'DECLINED', 'CANCELED')),
            CONSTRAINT "ck_contact_request_via" CHECK ("via" IN ('SEARCH', 'QR_CODE', 'ADDRESS_BOOK', 'GROUP')),
            CONSTRAINT "ck_contact_request_answer" CHECK (("state" = 'PENDING') = ("answered_at" IS NULL))
        );
        CREATE INDEX "idx_contact_req_sender__96be9f" ON "contact_request" ("sender_id", "state", "asked_at");
        CREATE INDEX "idx_contact_req_recipie_c36f4a" ON "contact_request" ("recipient_id", "state", "asked_at");
        CREATE TABLE "block" (
            "id" UUID NOT NULL PRIMARY KEY,
            "created_at" TIMESTAMPTZ NOT NULL,
            "blocked_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            "blocker_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "uid_block_blocker_73e82d" UNIQUE ("blocker_id", "blocked_id"),
            CONSTRAINT "ck_block_other" CHECK ("blocker_id" <> "blocked_id")
        );
        CREATE INDEX "idx_block_blocked_e04ae3" ON "block" ("blocked_id");
        CREATE TABLE "connection_code" (
            "code_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
            "expires_at" TIMESTAMPTZ NOT NULL,
            "created_at" TIMESTAMPTZ NOT NULL,
            "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE
        );
        CREATE INDEX "idx_connection__user_id_e6d519" ON "connection_code" ("user_id");
        CREATE INDEX "idx_connection__expires_5f4539" ON "connection_code" ("expires_at");
        CREATE TABLE "user_word" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "word" VARCHAR(100) COLLATE "C" NOT NULL,
            "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "uid_user_word_user_id_299b30" UNIQUE ("user_id", "word")
        );
        CREATE INDEX "idx_user_word_word_95b3bc" ON "user_word" ("word", "user_id");
        ALTER TABLE "conversation" ADD COLUMN "hidden_from_id" UUID;
        ALTER TABLE "conversation" ADD COLUMN "shown_seq" INT;
        ALTER TABLE "conversation" ADD COLUMN "shown_activity_at" TIMESTAMPTZ;
        ALTER TABLE "member" ADD COLUMN "told_delivered_seq" INT;
        ALTER TABLE "member" ADD COLUMN "told_read_seq" INT;
        ALTER TABLE "member" ADD COLUMN "told_read_at" TIMESTAMPTZ;
        ALTER TABLE "member" ADD COLUMN "is_request" BOOL NOT NULL DEFAULT FALSE;
        ALTER TABLE "member" ADD COLUMN "is_listed" BOOL NOT NULL DEFAULT TRUE;
        ALTER TABLE "message" ADD COLUMN "is_hidden" BOOL NOT NULL DEFAULT FALSE;
        CREATE INDEX "idx_message_hidden" ON "message" ("conversation_id", "seq") WHERE "is_hidden";
        """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX "idx_message_hidden";
        ALTER TABLE "message" DROP COLUMN "is_hidden";
        ALTER TABLE "member" DROP COLUMN "is_listed";
        ALTER TABLE "member" DROP COLUMN "is_request";
        ALTER TABLE "member" DROP COLUMN "told_read_at";
        ALTER TABLE "member" DROP COLUMN "told_read_seq";
        ALTER TABLE "member" DROP COLUMN "told_delivered_seq";
        ALTER TABLE "conversation" DROP COLUMN "shown_activity_at";
        ALTER TABLE "conversation" DROP COLUMN "shown_seq";
        ALTER TABLE "conversation" DROP COLUMN "hidden_from_id";
        DROP TABLE "user_word";
        DROP TABLE "connection_code";
        DROP TABLE "block";
        DROP TABLE "contact_request";
        DROP TABLE "contact";
        """


MODELS_STATE = (
    "eJztXWtz2ziy/SsofVn7lqNK/EpucutW2YlnN7t+ZGPn7tROpiiIhCSsKUJDUFZUu/nvtxt8iG+RsqhQDD5MRibRIHnw6j7daPy7NxUWs2X/Wo"
    "yvZsKc9N6Sf/ccOmXwI3PviPTobLa6gxc8OrRVYVuMDRYVG0rPpaYHN0bUlgwuWUyaLp95XDhY/M5hxBWLt4QSlzqWmBJnPh0yl7jMYQtmkcWE"
    "OXBzSM3H+YxwCTekJ1xmHREpiDehHnEEYdS1OUiZc1cKF4uNhbAIdZZkCoX7+DKWMOFtuDPe8XPnDv9jzgxPjJk3YS48/bff4TJ3LPaNyfDP2a"
    "Mx4sy2EshzCytQ1w1vOVPX7qfUtj863i+qNH7X0DCFPZ86K4nZ0psIJxLhjodXx/BpLvWYFWsOZ27bQdOFl/z3hQueO2fRi1qrCxYb0bmNjYrS"
    "/husrvUM4/buwbi/ejCMXqbBQ4lYWwSXTOFgZ4F3lQqDMb7Ci5Pj1+dv4K56Q/zj9Xf/gStQ/OIKmpuL6+uPtw+976oQ9ahfTIG8QvWJ2vB9GW"
    "Av+bgQ1khkO8iGF1bQrobH7rD97+Pjk5PXxy9Pzt+cnb5+ffbmZYR09lYZ7pcf/4yoQwEBo92fB/xmwJ49eoy1Al7AMbWgrmVk7ohjUVQ2e2t6"
    "PE1foQ4dKzjxu/GFY1PXE3O8omlN3Sud1lhUpNKU5k0Af3+WmECl0D0sGD4TRoRjL3HikcSEiQPag1AXigsbJo2hmHt98gClHtkS55KDGXU9jv"
    "UekZmQ6tdh/lzW9APXT2K/9eCNGJ0awRQUiPd+L5zdoiK1hmJcqjvz3A7GYtmUGLV73fUmIdilyXHzhWeFqkfH9fp2INAlHHfSsVeQJ+agJPBf"
    "vnz8kA97cuJKgj+fc6uPonvYBCVovv/LxeeDk/PDYKr2xq66qUBKQfoIb59F8/2EuvlohuVTQMKL7SGEoFN8M2zmjD20iU5flkD6fxefFaqnLw"
    "+TvfQ2uHOsbiXBndGlLWgOvn+9v7stmnIjkRTEFjc98h9ic7mPE0YJtAgG1jyV8g87DunBzcWvabTfX99dprs1VnCZgn7CLYs5xsgV0zrwp8Se"
    "1QSBovGztoAJ0y5gY1Av2wAf4I7Hpyy/EZKS6TYIRPvhj24NhoePN1f3Dxc3nxLt8eHi4QrvHKury9TVg/NUG0WVkH98fPgLwT/JP+9ur9LNFp"
    "V7+GcP34nOPWE4YmFQK45JeDm81CLD71OkoeYbf5/iGmw5r5VQdtcbgmhYMcciYkQYNSf4f7TIXp2TqCLZJwNQ+owhGwmXDdAGwyJwybfl8OaA"
    "uGxmUxOpJyilCkj4DKLsPCtrD+7wuc/gttpkcrTBAmyC6ZqwPNWizAIJJbQJsrEJoq2+HwF5MJXVRj4mpxtg4wYY2UK49bCPRDTs+0ip3zB0l8"
    "kJn+XpVbG7pVrVNFlurUp14RBAnLlP1IYfZDHhoN9QMoM6hEMkYxL+gqZ5ggsUhf4kic/uHJGh8CaoF0mQNO25xax3oOG8+JfgDnLnApQakHYE"
    "KjJZpWqnT67Cts8lc5GyKubX65Fg22e/1mtVvf8ZzR0T0SLqSfjP6f/2dm9TraXDinUszThunXEMu3YNQGMiGs4Mx9geS6sdy/Q2nDtIABqbuT"
    "Azol3Cdteqv9iwEVKCGzVBy/jbn04J/cCeuMnyFNDgTqnyaa3KVArq4AA2TJdKu0NSjQYhFX0y8IPHBuTgVb//6vj1IRJq3JPEfwThFuqMSKDd"
    "87EDGuTMFZ6AvpgfzNHUg3LUSl+P7Kk+u3qo0iuPyOqm/1hf19w0cK21qif0kL6J0XqmLczHvsMW8P17poUGDVRzgV9JdWkF2sbqnh4NGWCL/d"
    "85oh10hb86flPBFw6lCp3h6l4SdfX/GlCH5buI78sqsQZQqhjfl9loA+iVI+Hm+LuLMY7LdBHn8yowp92nMZTP0yDbVHqGZMzZwK+dltWe7dZ5"
    "tnUAQ7VRBh9o3Tn2MlC+9qTZAz2xtNXnM2vDVk9K6lZvS6vnDPbg7TUpuUUDJsMaJNHNQvsLWGVgx/6NLRXAH1Gzdsw8lS8w+78E1ewnpKurq5"
    "nIpYvIvo53KPh2+GLm+drbxf37iw9Xve/FNEzMYcGkxBCgHLoskPzlb5+Zb78UI33v19IhsL83yVTdOewBpvT38Fcvh66K3z4q46yEwwxcG+D1"
    "rYrU1YPaBcSIzZ8YQTFFKTmEW8zx+Ai3Lx6wF1PKbSJcctV/dX56RBzQ+KnNJbMO/R1CSpB7ktkj5Jz8vZCEotfzkS3h54TKSX4s2i4fXsVzyr"
    "7NOExMuAqXOU/DF6xl+yektmMu/djgtISxdHx2VsFaglKF5pK6V05lYWMb2KB1gE8IddBMPT+tAPz5aSHueCtpplLPY9OZl7MMlHOGcbndsYYv"
    "m0J5e5ShhKG/gU0QE+ugQbC/BkDW7outGzXbOCmpm7l1zdwSf+ZnNoIPmTyIR5a7XSFxv1RPdP2SoAiFRSvpibiCRvsGgjqIqgNUrcBwwELwn9"
    "UnFwQMEkvpd6aYYigbwkDoyGP+doExPJH5kW9q94BfQb6WuLtHV9rL7pePHKGVdEb1trVVl6RU53TGbWkuxQoj9oRNyDi5TSauZaEg+z4h63X3"
    "p2tm7UwpnlH3k1av4kyJLbSZVi+Jn05IaXK9nFyXK672mfx691jfoxTFnuxZdVn2Jo2DEPscuyDWLMUmQawXVNhoQyR0DGa94E4QW9gnV9ByVq"
    "hJ+3mkHtnMU3mmuJvU2SWZzqVHhgwum2LsIJnr59RzGSpeORtsdvHEOhtr4DrD5yudH20A/63qmQQ6ELKBqa7MGOAzXHygfA6xWcLbJ6Q2ssFa"
    "ZgCkEtdU4e1Pi2n707M0faxGCUxUTo62VoxzUqp7OG/RQZIKKNvQyE3LdlA53hNlWJu6upmjZg71irqNHJPTnFXLW9gAo13mWV3Fy2NSqnvL48"
    "lxhdXx5LhwccRbOoWYJo10BG7XWr1KBO7K/s40erFJnRDSRKHOtKCDmlvGuK4Nas7OAVsAdbVBvKOwJia+zaPFfW41C3idWPF02EpHEG80YFwN"
    "+hyqP5wMinl+n2MzTTGvemLFRZDGqk8G/2U8suWA+NN9cFbEhMUisjEV6FT6WUJDwt1vKHJgiwWehUMle+eHcuccVtHws7Z82I6m6huk6rGj1t"
    "3xHZfpYJj3WZVN32fFe77PMlu+Q8BwrG0CdCjXubi07UPNcBtLLbonFOge09OII0ThVbcjJ4S2AnSLOnGDMD8xFzcy5eWPFsJm1CmDOy6cwnwI"
    "0k3N09GV3a6Bl3d31wkO5fJjKmvW7Zeby6vPB69UM0Ah7mvi2U0kswnu8CvK5lOSpSMl17mOXmW2Pi6erY+zuVAUYhv28qyw7uV1ejmVciHARK"
    "obK58R1CtnpSnd4nJm06VRV91Oy3VQ5W4k0dKQizowB8W715nPKoF7VgLuWRZcFybmOuiG5XfXeXtf7q8+N2WMN52/ymHMksbMFSNuM0Mybz6r"
    "uToW1LDDJTJUVPZ2hfTZ2k08nElJHSXSHoem3vLSfT+2jl74GVu9KHqhxrbytIvzmS63zrk38zaN6RRWZSChnfxMhNDZ+A+opqsQDdF5BvPpMI"
    "dRroPTJdbTaZCe2ZE6DRDcdZhyy6qsbM+E6n1UW5gNrqOYedTMyz5VEyuspeMgGWKkYSqByWXwrtKThstMxp9yyfz6aH32a+08aDJ3C58GLDMY"
    "A4s7fsbf86evqKq9JWLKUQP7CDALjnl8Hlr+mZIdxWl1EOauUNrLQTgFk42On6ti3fi1dKgrNR2JqozAgmjU0EBcE5G6CItVCEfFsn7YZ3TCKp"
    "dkJOaORYbLt4lj7QMXJXHU0fT+sfd4PQxgOyIqVPQFhopaR2TBoUfMoWLThIVP5gWo7vDpX52vzp1DPvlU0/3fr8kAnz5Qie48lfk4PAfsa+/9"
    "V3hZKaJXc9mIf8NXo8SlzpiFz1adk4BIcO7smDtMrj8ATDVQ+oSv33phu2123mzZCXy5IbQ5OWSDQdjeuMIdHnxYHE0btlNVr2hYXrv0q7n09V"
    "YpvVXqR+/pecb5D01qCD67l6MeRLRfsW4wjIqs1QsGPl3rDsiCAnAED0zHzK94nC4JblqDPrkVQ2EtyRDWWVwOAylcKNkTZocVdk76qW1XnrvU"
    "BqXxflBjzoIbktLdOdu9C5tVtKu+ePHdT6dtFVd9bCzWGG5JKb30p4Mj/VlwI1C1PlVNn4qtNFqlKlOpkt1q/Qb0cN3WwFYC1mqhuprysOborV"
    "kfbLECm/L+VqW41JFWiskJKpBkMRFKh5QmdfBUd8UWkQEq/YMjIhzMiIrLrDrwXR2XEJ2FlUdjNfCEOulTf6+cI7UtBz61aLtT84cm6EyDmyzI"
    "bdJfdYSxNluKIow1V6m5yh+s/7WUqwxjofK1vjBMqlTdiwqtZyyVZkW4o7jCIMM4GQrxiL66gVhAyw/e4ilWLyS3QMkiN3NvTm1Uu7yFIK5Y5H"
    "got1Ireh4HLpuKJzXHD1ROfaJkiYdVgXaInsrFhNsBzYl0KBYKE/jgqV1QFyiIdCnJ3PG4jfeX8FOVXzkrF/gP3PrqBFZB6FeVjElywKX/gofE"
    "EkxRr8ScoEfzHbxK7L3gleATxvBhxRSrKhn6K3PY1c3cmJpabZBadbj5WHdjclyme9tmG3FgcmmM6JNwcc9hBunS/ZwpSZ3qoMZGTj8Arr76HZ"
    "froPK9J8p2JRtrtYrWbeSkpN6r2+ZW1pZ08eLVYUta79XtWKvnDPZMmLEyImoSKHEZzaDo4LkdElKRzasZqTJGKj5C1zt6Ncu3/yxfuCWtmOyL"
    "bVpby/kZbqzwWu4P2TE8nj4QQmqOkhnlLv6aMTGzQSh0yFKJpBge1vYOfyPTRscAOxEzPNlSnWCPOwxcscjygY09SXGEYPxPOBijzuCt8hhTSX"
    "DLIPHEEREu/A2mr8rUjXTflKnoSHiYTxkGFeK5VW5AGDKTzzhW4Kj3sRl14bnwptw7QurvK153CB15cDdgEuEt38Vq8mlDGn2w4hi5TxxSRy5Y"
    "HX+1X2XQh2E0+xyHgik6+TN66eJimk5sC52IPb9ukuC4TOeCCd5UIRPfFHOJbzJUIgy0emytyGUOO8DUnlRiak9KmNqTLFMbTS9V8Y0EuriZZ+"
    "sJDp84rQNuUFxDWwHaSFmo72FYyWn/Qh3/QqiBZABf41+IyXWQnNpfMirLQYYq7SatnBTVHoY2t7P2MBSvW/vJNWsPw8/Y6lU8DGlGoSo/kJbT"
    "1HjadorTOVVRTQhpSMu9DT5YmhpfR40nOtV6f0M0sjWy65BNT4It8zyscrrl+x0SOd9KvQ7JkhV2lVkcsFHRsx6S85SMXTGf9clHT6pQXe4T8k"
    "jukrmi0hcTbk5ImFdLHcLpnyLFLJXPKEhMFgTk5u0z28kz9bme7VofjkoI+Ef41DoEW1heM2wVGDaPe/VOv4kEuke+NxImHX+zGjCnxLoHdiNH"
    "OflrR11vXVKqa0cdbt9dh95+Q7I/shgX5uaLi6zP0LetefllUwD7GfqOX52+Pn1zcn4aJeaLrpTl48uS7r6CYkRHrFcENS2mgc14M0ALeuLech"
    "OqOynaQTpsf+mvLOvpe/sMzK5Wk6vJSj5DWW/ZirslCmwiFk7N+T4hs9G81DIotz0z+QA9Y37KrUA75No8SWmHXPHw2k/XjHbI/YytXsUhF47Y"
    "4bKmPpIR1OpIqftohdfuHB3txHWtnyPTtRKODngLcvvl+rrM05E5YCSLuT5c5EcdLrI3IDXpLwu6VI6nbNXZin1k01WZCt6x8DAPh1AS967hvp"
    "MFORjYbORhLhz1jofozBqyETpjyA11H31HFTwHpn4vOOwDcyW6XOb6xRp+Wm72m7TPMDcJjvaUtcVT5op6vpyw/O48Zb2bKwxEbgrWFPNdhfgu"
    "5r3TtPe/BHc20uMTgh1U4/dXbc9aa8EsWreJY2Kag2lz+464W9t5lZDZnZPlVVOT5JapzB/hDmzZCNk2pKCY8ie10aIerhk57RJMQ4uUU01U4y"
    "Ia0FxAN8lVRvU2on1YMfEIKmPTCSlfWE/52WGkkNpgcsrIaXDLwK0/UaVl9WzV5tmKy3hanXpbxmOCes94jT3jAJ3NpZd3itE6yFdyO0Q8pAH3"
    "FnAdSFC8cuynS1kHEvyMrV4lkMBP3F07jCAlpoMIUjNozLFVN0AjK6q3+Or8rLsMeUl5ZZ8Z9JLeQrqfEK+PfsmOW521dUdZW/MWtN3B2s4VbC"
    "2qqSW8drBWs2E2flRSbpxNFLBUFmizKrQ20ubOiW3oDiT7ZCDZHwPcDW4xRzLCHTycSp00Gh/pKtJFHfmE0S7CxcSxvVQzbf0BmOj2k9qLvqD2"
    "IzlITT1HBGo+7JNbQWZQikzpkqjktUPmVwBvMVwSbr0ln/yF4f7v12Qh5rblV4iP4xZR/Rf+cMV8PFF5bt2lypcLaLM/ydWO+AM5Y8zqT+HJXz"
    "GSyKaOOpfLpbOvvcPq4T/IMP6OCWxXOTtMWyVOCB4VnYTVufAg9ST853TPYoJq7tvZtZdrj0hknYegyTwE7FsOrfEAVwtY+aB8FzbGl7EVV78+"
    "JIiKEMODm4tfDxNkxfXd7Z/D4jHM31/fXWY8tjN7CVN97VxhCTFNKaQohcxKWGOuyBXuQt9u5hzyhC3sIXL1z3tPymms12OtszHv2tEjuZ2bwa"
    "0U7pWQxroG1szim3lXEoI6OqA9vpSsC80nUDZp5KSkbuU2t7J2j/8Uzdwif7gezM0NZu2pbdJq/aH5rfdn2Ghn7R44a3edSbyd3fcZicR/tFfx"
    "grncnPRynIrBnaMynyJdlVnnUizGdMuJoQsdLblzZ46fJWjA5/mxWu9kKXZf4SxQM3VuTKSDrpfjs7MKvB6UKiT21L1UnkwYVDUQDop3EN1GUk"
    "AHXHMW4b/e392W0tN55gk3PfIfgoHze4h2CbgIRrmrK+3VSuliWMFlnjK2y8Xs+/8DHk0/kQ=="
)
