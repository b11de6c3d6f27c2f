"""A batch of plain sends in one round trip, and the append to the log that it shares with everything else.

By hand: aerich knows no functions. One that changes gets another name: the release before still calls it as it was.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        -- Appends events to the log as the last act of a transaction: numbers them, and returns for each partition its
        -- new head and the tag before the first of these. The partitions are locked ascending by an ORDER BY of their
        -- own (a bare UPDATE locks in any order), and positions come from UPDATE ... RETURNING (a sub-select would see
        -- an old head). `hidden_from` may be NULL as a whole.
        CREATE FUNCTION parley_append(
            partitions SMALLINT[], tags BIGINT[], stream_ids UUID[], kinds TEXT[], payloads JSONB[],
            hidden_from JSONB[], at TIMESTAMPTZ
        ) RETURNS TABLE (partition SMALLINT, head BIGINT, tag_before BIGINT) LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        BEGIN
            RETURN QUERY
            WITH e AS (
                SELECT *, row_number() OVER (PARTITION BY partition ORDER BY n) AS place
                FROM unnest(partitions, tags, stream_ids, kinds, payloads, hidden_from) WITH ORDINALITY
                     AS e(partition, tag, stream_id, kind, payload, hidden_from, n)
            ), wanted AS (
                SELECT DISTINCT ON (partition) partition, place AS count, tag FROM e ORDER BY partition, place DESC
            ), locked AS (
                SELECT p.partition FROM log_partition p JOIN wanted w ON w.partition = p.partition
                ORDER BY p.partition FOR NO KEY UPDATE OF p
            ), raised AS (
                UPDATE log_partition p SET head = p.head + w.count, tag_before = p.tag, tag = w.tag
                FROM wanted w JOIN locked l ON l.partition = w.partition WHERE p.partition = w.partition
                RETURNING p.partition, p.head, p.head - w.count AS base, p.tag_before
            ), stored AS (
                INSERT INTO event (partition, position, tag, stream_id, kind, payload, hidden_from, created_at)
                SELECT e.partition, r.base + e.place, e.tag, e.stream_id, e.kind, e.payload, e.hidden_from, at
                FROM e JOIN raised r ON r.partition = e.partition
            )
            SELECT r.partition, r.head, r.tag_before FROM raised r;
        END $$;

        -- Sends drafts that are text and nothing else, each under another (sender, client id), in one round trip: what
        -- messages/sending.py does in six, for those where nothing is to be judged. `wanted` are their conversations,
        -- each once; `tags` are those of the events. A row is returned for each draft that was written, with what its
        -- event carries, and one (`is_busy`) for each that would have been, but somebody else holds its conversation, or
        -- the membership of somebody who writes there: of all rows that this changes, only the log's are waited for.
        -- What is left out wants to be judged, or stands in its conversation behind one that does. Beside these rows,
        -- one below the other, is what parley_append returned.
        --
        -- A statement sees what was committed before it began: what is changed is locked in some, all else is read in the
        -- next. The settings are those of messages/facts.py: a kept plan that walks indexes, whatever the tables
        -- held when it was made.
        CREATE FUNCTION parley_send(
            wanted UUID[], conversation_ids UUID[], sender_ids UUID[], ids UUID[], client_ids TEXT[], texts TEXT[],
            hashes TEXT[], silents BOOLEAN[], partitions SMALLINT[], tags BIGINT[], at TIMESTAMPTZ
        ) RETURNS TABLE (
            n INT, is_busy BOOLEAN, seq INT, c conversation, u user_account,
            partition SMALLINT, head BIGINT, tag_before BIGINT
        ) LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
        AS $$
        #variable_conflict use_column
        DECLARE
            held UUID[]; members UUID[]; busy UUID[] := '{}'; busy_ns INT[];
            ns INT[]; seqs INT[]; cs conversation[]; us user_account[];
            new_partitions SMALLINT[]; new_tags BIGINT[]; new_streams UUID[]; new_payloads JSONB[];
            log_partitions SMALLINT[]; log_heads BIGINT[]; log_tags BIGINT[];
        BEGIN
            held := ARRAY(
                SELECT id FROM conversation WHERE id = ANY(wanted) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
            );
            IF cardinality(held) < cardinality(wanted) THEN
                busy := ARRAY(SELECT unnest(wanted) EXCEPT SELECT unnest(held));
            END IF;
            members := ARRAY(
                SELECT m.id FROM unnest(conversation_ids, sender_ids) AS d(conversation_id, sender_id)
                JOIN member m ON m.conversation_id = d.conversation_id AND m.user_id = d.sender_id
                WHERE d.conversation_id <> ALL(busy) FOR NO KEY UPDATE OF m SKIP LOCKED
            );
            IF cardinality(members) < cardinality(conversation_ids) THEN  -- or somebody is no member
                busy := busy || ARRAY(
                    SELECT m.conversation_id
                    FROM unnest(conversation_ids, sender_ids) AS d(conversation_id, sender_id)
                    JOIN member m ON m.conversation_id = d.conversation_id AND m.user_id = d.sender_id
                    WHERE m.id <> ALL(members)
                );
            END IF;

            WITH facts AS (
                SELECT d.*, c.last_seq, m.id AS member_id, c, u, (
                    m.left_at IS NULL AND m.is_listed AND NOT m.is_request
                    AND old.id IS NULL  -- no repeat
                    AND c.slow_mode_seconds = 0 AND c.disappearing_seconds IS NULL AND c.hidden_from_id IS NULL
                    AND (
                        c.who_can_send = 'MEMBER' OR m.role = 'OWNER' OR c.who_can_send = 'ADMIN' AND m.role = 'ADMIN'
                    )
                    AND CASE c.kind
                        -- Somebody's first message is one that the other person's privacy may refuse.
                        WHEN 'DIRECT' THEN c.last_seq > 0 AND c.member_count = 2
                            AND peer.is_listed AND NOT peer.is_request AND theirs.id IS NULL AND own.id IS NULL
                        WHEN 'GROUP' THEN true
                        WHEN 'BROADCAST' THEN m.role IN ('OWNER', 'ADMIN')
                    END
                ) IS TRUE AS is_plain
                FROM unnest(conversation_ids, sender_ids, ids, client_ids, texts, hashes, silents, partitions, tags)
                    WITH ORDINALITY
                    AS d(conversation_id, sender_id, id, client_id, text, hash, silent, partition, tag, n)
                LEFT JOIN conversation c ON c.id = d.conversation_id
                LEFT JOIN member m ON m.conversation_id = d.conversation_id AND m.user_id = d.sender_id
                LEFT JOIN user_account u ON u.id = m.user_id
                LEFT JOIN message old ON old.sender_id = d.sender_id AND old.client_message_id = d.client_id
                LEFT JOIN member peer
                    ON c.kind = 'DIRECT' AND peer.conversation_id = c.id AND peer.user_id <> d.sender_id
                LEFT JOIN block theirs ON theirs.blocker_id = peer.user_id AND theirs.blocked_id = d.sender_id
                LEFT JOIN block own ON own.blocker_id = d.sender_id AND own.blocked_id = peer.user_id
            ), judged AS MATERIALIZED (
                SELECT *, bool_and(is_plain) OVER w AS is_clear, conversation_id = ANY(busy) AS is_busy,
                    (last_seq + row_number() OVER w)::int AS seq
                FROM facts WINDOW w AS (PARTITION BY conversation_id ORDER BY n)
            ), new AS MATERIALIZED (
                SELECT * FROM judged WHERE is_clear AND NOT is_busy
            ), stored AS (
                INSERT INTO message (id, conversation_id, seq, sender_id, kind, text, client_message_id, content_hash,
                                     silent, created_at)
                SELECT id, conversation_id, seq, sender_id, 'TEXT', text, client_id, hash, silent, at
                FROM new ORDER BY sender_id, client_id  -- a unique key that another process may race for
            ), raised AS (
                UPDATE conversation SET last_seq = t.seq, activity_at = at
                FROM (SELECT conversation_id, max(seq) AS seq FROM new GROUP BY conversation_id) AS t
                WHERE conversation.id = t.conversation_id
            ), read AS (
                UPDATE member SET read_seq = t.seq, delivered_seq = t.seq, read_at = at, sent_at = at,
                    told_delivered_seq = NULL, told_read_seq = NULL, told_read_at = NULL, unread_from_seq = NULL
                FROM (SELECT member_id, max(seq) AS seq FROM new GROUP BY member_id) AS t
                WHERE member.id = t.member_id
            )
            SELECT array_agg(n), array_agg(seq), array_agg(c), array_agg(u),
                array_agg(partition), array_agg(tag), array_agg(conversation_id),
                array_agg(jsonb_build_object('messageId', id, 'seq', seq)),
                (SELECT array_agg(n) FROM judged WHERE is_clear AND is_busy)
            INTO ns, seqs, cs, us, new_partitions, new_tags, new_streams, new_payloads, busy_ns
            FROM (SELECT * FROM new ORDER BY n) AS new;

            IF ns IS NOT NULL THEN
                SELECT array_agg(a.partition), array_agg(a.head), array_agg(a.tag_before)
                INTO log_partitions, log_heads, log_tags
                FROM parley_append(
                    new_partitions, new_tags, new_streams,
                    array_fill('MESSAGE_RECEIVED'::text, ARRAY[cardinality(ns)]), new_payloads, NULL, at
                ) AS a;
                RETURN QUERY SELECT unnest(ns), false, unnest(seqs), unnest(cs), unnest(us),
                    unnest(log_partitions), unnest(log_heads), unnest(log_tags);
            END IF;
            IF busy_ns IS NOT NULL THEN
                RETURN QUERY SELECT unnest(busy_ns), true, NULL::int, NULL::conversation, NULL::user_account,
                    NULL::smallint, NULL::bigint, NULL::bigint;
            END IF;
        END $$;

        -- parley_send for one draft, which is what a lane has to write while it is idle: small statements, which take a
        -- third of the time of its large ones. What they can't do for sure is left to it.
        CREATE FUNCTION parley_send_one(
            to_conversation UUID, by_sender UUID, as_id UUID, as_client_id TEXT, said TEXT, as_hash TEXT,
            is_silent BOOLEAN, in_partition SMALLINT, as_tag BIGINT, at TIMESTAMPTZ
        ) RETURNS TABLE (
            n INT, is_busy BOOLEAN, seq INT, c conversation, u user_account,
            partition SMALLINT, head BIGINT, tag_before BIGINT
        ) LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
        AS $$
        #variable_conflict use_column
        DECLARE
            mine member; is_plain BOOLEAN;
        BEGIN
            SELECT * INTO c FROM conversation WHERE id = to_conversation FOR NO KEY UPDATE SKIP LOCKED;
            SELECT * INTO mine FROM member WHERE conversation_id = c.id AND user_id = by_sender
            FOR NO KEY UPDATE SKIP LOCKED;
            is_plain := mine.left_at IS NULL AND mine.is_listed AND NOT mine.is_request
                AND c.slow_mode_seconds = 0 AND c.disappearing_seconds IS NULL AND c.hidden_from_id IS NULL
                AND (c.who_can_send = 'MEMBER' OR mine.role = 'OWNER' OR c.who_can_send = 'ADMIN' AND mine.role = 'ADMIN')
                AND CASE c.kind
                    WHEN 'DIRECT' THEN c.last_seq > 0 AND c.member_count = 2 AND EXISTS (
                        SELECT FROM member peer
                        WHERE peer.conversation_id = to_conversation AND peer.user_id <> by_sender
                            AND peer.is_listed AND NOT peer.is_request
                            AND NOT EXISTS (
                                SELECT FROM block WHERE blocker_id = peer.user_id AND blocked_id = by_sender
                            )
                            AND NOT EXISTS (
                                SELECT FROM block WHERE blocker_id = by_sender AND blocked_id = peer.user_id
                            )
                    )
                    WHEN 'GROUP' THEN true
                    WHEN 'BROADCAST' THEN mine.role IN ('OWNER', 'ADMIN')
                END
                AND NOT EXISTS (SELECT FROM message WHERE sender_id = by_sender AND client_message_id = as_client_id);
            IF is_plain IS NOT TRUE THEN
                RETURN QUERY SELECT * FROM parley_send(
                    ARRAY[to_conversation], ARRAY[to_conversation], ARRAY[by_sender], ARRAY[as_id], ARRAY[as_client_id],
                    ARRAY[said], ARRAY[as_hash], ARRAY[is_silent], ARRAY[in_partition], ARRAY[as_tag], at
                );
                RETURN;
            END IF;

            n := 1;
            is_busy := false;
            seq := c.last_seq + 1;
            partition := in_partition;
            SELECT * INTO u FROM user_account WHERE id = by_sender;
            INSERT INTO message (id, conversation_id, seq, sender_id, kind, text, client_message_id, content_hash, silent,
                                 created_at)
            VALUES (as_id, to_conversation, parley_send_one.seq, by_sender, 'TEXT', said, as_client_id, as_hash, is_silent,
                    at);
            UPDATE conversation SET last_seq = parley_send_one.seq, activity_at = at WHERE id = to_conversation;
            UPDATE member SET read_seq = parley_send_one.seq, delivered_seq = parley_send_one.seq, read_at = at,
                sent_at = at, told_delivered_seq = NULL, told_read_seq = NULL, told_read_at = NULL, unread_from_seq = NULL
            WHERE id = mine.id;
            -- As parley_append, for one partition.
            UPDATE log_partition p SET head = p.head + 1, tag_before = p.tag, tag = as_tag
            WHERE p.partition = in_partition
            RETURNING p.head, p.tag_before INTO head, tag_before;
            INSERT INTO event (partition, position, tag, stream_id, kind, payload, hidden_from, created_at)
            VALUES (in_partition, parley_send_one.head, as_tag, to_conversation, 'MESSAGE_RECEIVED',
                    jsonb_build_object('messageId', as_id, 'seq', parley_send_one.seq), NULL, at);
            RETURN NEXT;
        END $$;
        """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP FUNCTION parley_send_one;
        DROP FUNCTION parley_send;
        DROP FUNCTION parley_append;
        """


MODELS_STATE = (
    "eJztfWt327jV7l/B8pdJztL4JL4kaXLWWctJPFO3jp3GnrbrnXTJkAhZGFOEhqCsqO3893"
    "dv8CJeQIqQRJli8KHTmMQGqQcgsPezL/jPwUQ4zJWHfxGDg7fkPwcenTD4R/pyjxzQ6XR5"
    "ES8EdOCqdr9FDQYy8OkwgEsj6koGlxwmhz6fBlx42PBGTFgw5t49CQQZMOIIjx2SO3/m9W"
    "lwR7gk8zHzCCVz4T8wn0zogjyj95R7z0lAHxjhwVu46zIqGZmIRybhChHeIfkIPRFfzCW5"
    "F4f4Mo4YwtvAo3b83JnHf5+xfiDu4YnMh6f/+i+4zD2HfWMy/nP60B9x5joZuLmDHajr/W"
    "AxVdd++eXi40+qJf6mQX8o3NnEW7aeLoKx8JLmsxl3DlEG790zj/k0YE5qQLyZ60bDFl8K"
    "3xguBP6MJa/qLC84bERnLg7rwf8bzbwhjiZRT8L/nPz/6NVSzfr9q+vb/s35bb9/UJgF+A"
    "q5AYouDYWHM4h7AQL1nz/CfpeAqKsH+IAPfz778uz41XMFgZDBva9uKrgO/lCCNKChqAJ9"
    "ibL6/wLOH8bU1+Mct88hDS+6DsbxhSXIy08lhi8GqAFIDyb0W99l3n0whj9fnVRA/PezLw"
    "rlVycKZQFfdvi1X0V3jtQtBHsJ7pQuXEE18/gvN9dXenxTIjmIHT4MyH+Jy2Wwh1BXQItg"
    "YM8TKX9305A++3T2zzzaHy6v3+enOXbwPgd9tPA8sIXJ7M5KrTXHo1WiLbhnp/jR6WmNOQ"
    "6tSie5upeFOtw3ijB/BJACPmF6qJdS+XkeiR3G/+jWbL+9+HR+c3v26XNmyn88uz3HO0fq"
    "6iJ39dmr3HgknZB/XNz+meCf5H+ur87zX0bS7vZ/DvCd6CwQfU/M+9RJYxJfji9lhpcGAZ"
    "tMA1kc4JsJdd0LL9APcFouN8QAU1OD+qKp7+ge3+DH46PXr97AXfWC+MfriqG++XR2eXlx"
    "dZv7XpTe1DdTb9IyGyg5LVucNlFpUnhSGfSZ7wvfZKnPSnVvqT998aLGUg+tSpd6dS8Ltc"
    "Oos8ZanxLbwmLfMti7tNYPfYa4rzHEWUm7pbdumNHOHj2kbEC8MKDDhzn1nX7hjjgSZW2L"
    "tyZHk/wV6tF7NUiIJr5nxJ5civvzqRiODzTMSnKvV0WvuOK+z5JmK0mW65CRQMLCp54jJv"
    "BGkwHziQ/zb86cmOvAnzebIvkBQAfCZ06PSEGCMQ2IJwijvstBajjzpfCx2b0QDqHegkyg"
    "cZFk2eFzt0yyVKt1Wh1kTYVuNcXS5Ha5qUZXTqo8UnemYVXe8/tSWBOR3anKzWP7p6Oj4+"
    "PXRy+OX705PXn9+vTNiwTp4q0q3N9f/IyoZxbMcBhatKw9Mi8oW9bUvcpljSVNai1pEX+L"
    "q8QYOoXp4cDnM2ZEeO4ipGCHsHDAeBDqQ3PhwqIxELPgkNxCqwe2wLXk2ZT6Acd+ewQ2Gf"
    "Wv5/q1rOkHrl7EfkW1nNFJbAZF4gf/Kl3dkiZGn2Jaqjvr3A6+xaolMRl30/0mI9ilxXEb"
    "VEJA783mdiTQJRx3MrGXkGfWoLr0TXbh2qKTqr1GkQGB8wBvb0LdxO076IM6qUPanJRzNi"
    "cFysb6oJ7MBzXmjsO8/sgXExP4c2IbDcH+cGWNjIDls9YZCstnGRl+nxMNVW/8fU5rsNW8"
    "VkbZXW0IomHFPIeIEWF0OMb/R4vs5SuSdCQPyR0off0BGwmfqeAebAKXQlsOb94Rn01dOk"
    "TqCVqpBhJ+BlF2nlO0B3f43A24rTaZHG2wAJtgusZMp1pUWSCxhDVB1jZBrNX3FJBHS5kx"
    "8ik5OwBrD8DIFTr/fhX2iYiFfR8p9U8M3WVyzKc6vSp1t1KrmmTbrVSpzjwCiDP/kbrwDz"
    "Ifc9BvKJlCH8IjkjEJf8HQPMIFikI/SBKyOz0yEMEY9SIJkkN35jDnHWg4P/4muIfcuQCl"
    "BqQ9gYpMUana6ZPrsO0zyXykrMr5dRuivYsQbcs4bp1xjKe2AaApEQtngWNsj6XVjm16G8"
    "4dJAD767kwC6JdwnbXqr9YcxBygmsNQcv42+9OCT0bDsXMCz4yl5UxfPkmleooDRvDyKRa"
    "11FKI8GQPEMyTWXuwdSRyJ7BhQFDTS+8QJ7dyQCWVsVf3z0nwidzKuFqeFtdVMEbnuLcfD"
    "YUvmLzeKDVS3f68A0Yv/Zs60/K9zWjhk6YlPCRaPJAyj21aZkOemtfvqrhrX2Z94wsvbV4"
    "K5dLxeBnyvVcVnlZ67RqndMqE0gyHDNn5sJwjXTMVvVYF4TtYLd7sJMd0XikM5I2fabNo5"
    "xoOKaDnBG0Y9y2Md7IGMmqp8WZce2xWwH/UTPjAnCj3lDnLYrMjV+iTvZRI11eXT7fp/NE"
    "k09r4/DLlZEUaphnNx/OPp4f/LFFy27m8ODcC/zFgc6oW97tVdpz2K7PkoYmNV/QmELLCM"
    "uvoElFE0PrkFwERMwCl2NtFbSSYguMeg5YTCPmKyMMCX3oqrLCy/ae8tX76t36/P4erz/j"
    "ofk24fe+8kY8JzBYYR4A2IbwQaFp6AqJmQOM+3gFvkLZU53fw3uMAgZXyYJR/238DAL41s"
    "1p+jU9W7LhWui06JFf01c74sSAmXg4xLyvoSuGD4cemwMAe+bPeDIrfX92RQPuHVYbYQpn"
    "WsbiWcBTy/SWkxxLiQ5SHNsPSJezwW9sqFGRyxFOiXSvUMP2y07xaT/abU1Azkp1D+eTOq"
    "WPTsorH50UCx+FhJt28S3HOSvVPZy3P58dFlDuGk3mlEj3EG6kipdNlShHH36gc+25i2hi"
    "7AmdEc3htmZOwKSi59+mwtcmzafu9qoMcGVlsGXD1b5UMhTTBfobJRjJA+EsfgDjGHoJTW"
    "UwNheEygfmYEoCVu/4N59iPN6depLD/f8bPk3e9Qi+s0MGC2UJc7B3wXjmLhZDhTYcRknj"
    "Td3549e3pJUNLQP4U/Uzdawx3TpjOh0QamgFakStMZgLwRL+RLchliseS4ndGYMHVx/j7M"
    "nmlY83NVSPN6WKx5uCNRgvL7VtwVigg8b29uMJonDwPmwUnBZhfi+Ey6hXsjrnZXOID0C4"
    "KciTK7tdGt5fX19mNLf3F7notKtfPr0/h0FQYwCNeJAKWstMbP5v1h8sAl3ATFXUYFbOBg"
    "2uG7YZqUDrOGMzktYb2zZvrLVa63123bJaM+kbS1PEcNSzknbU2zLqmo89evsW+A3bNsbr"
    "2zYF6mdVcMpPYB7ze++vbNFweEo7IN1ygMruuDT2yIfsQMejhXd6lRzask2t2pMcZwEMpS"
    "JRxAjTUlXlx0NyF9a4vSPPXh4evjx6/RyTA3ggSfgIwh0SxY3cwKyiLpn6IhDwveprTjb1"
    "IA0l9mvyAaQf2o8jSeKb4WNDAqxzhxh1gQ+LBqgAenUe4lKqS4ly20hCzH8NBWArHMpF0S"
    "5yNkd1GDFoVc7aHBVYMXsq1xLfWudYvKw4x+Jl8RyLKcxKZGpNME7LdBHnrXOPc194WNJM"
    "yrnwHePzgzTi9hihFLzqABvJ2DqHb+VlO2gI76/ha1mu7vMdluX6HkfdslyW5WoBpE2yXC"
    "kHKJMSC8Fq3J+R5E9//cJC87Ac6Zuwlw6B/UfzROAl9x4OSslAdbe3mhDsu3HDGkF1HpvH"
    "3FuUcoZsXFgoBPsJA9X+9oUM4XGH5IaBZhIdFROeekWoJGMqx0y+I3dLF6yqHIxszwAPG1"
    "f7VoEq3PnTa51VE07chEFMeZVt+Fxr6MLf/T4OuwkPkBLpIA2w/eh9qT42Y5hzYhbqOok/"
    "lqy1ZK0lay1Zu0agqM0Z3EnO4D7EOx/84+zi9uLq56ZUuabn8tQXjxyVb3yJAtS37FtZNd"
    "qcXBfmcxUzdv7P2wwpVjhxKSHGLq+vfo6b549ham3YbduW8P0lKa1HovvcdB2PRIrTKIx6"
    "RSn6jJRNMaskqOWS79yQo67PnLYT15UsdXZetSock8uheGT+AkbrQMfDpu/3KpnYuGX/gd"
    "WsMPYPJECxyleomJOBEA9kCLY9nh8S94f9kzDqDQs0x23nYw7XKZHUDQgGCUjyLHmFw+ni"
    "uaoZhr9GEk9g9vLbAhu74+d/9eZjrDLGsTJ1WF1sPla0bJhMLQPuuqo2mTr9RJIRTGu8NV"
    "GVq8Nc6zlWo1Y9EBdeF67MpuWRomwqhoqU4g7zAg6TohgR+mvhppbwjUa1rjEQNd+OKfC0"
    "Z9I1QoWVE73JmGWhLo0+Stp3KSD06OXJ65M3x69Oktij5EpVAJImKnQ5tw1mb1aqg7TM1g"
    "qztKREx7kqS3uxHDbNXlZoU7mfRYVuszOh3kGnsPbBuoz+AJUKsNxgYP+IdxJ1PTqGICpm"
    "+TaqiqEOHBCglqs0ATD1ofGEPjBMG0jV4tAfdrrDZ9cq14G9VroRY3iN3S4aUbvbGO824Q"
    "AVYF8RtRULddAo3hMjuJT7aMmCfKliGcLFNtCaFrkWlYtxGBkRLcZBTfPiLD6RELV8oihT"
    "h/k9jK/gUs6wpi/o11HFRvLMY6C6403244Ry93kPdG0Bix8o5mDNqiStTE3iwvK7g+dplf"
    "ywc7wdV5/MJILFL2JTwVob25EMkcH2l5bpoILagN8w+UxqaxiJRAcBbqQ04xNUzP0OUbYu"
    "jXL0u+vSsOH2Ntz+qR0ZLS0q8Qn051vxwLwDjZ2xvFlpYqAODop13K4W0ZPQLEQJEuyDqX"
    "oOVAVzv0XWBBW1+NSS+GQR4SPPj24GjAePM0cxBnyILgLvkPyC5IyAuaaneXb2ZMOarNOZ"
    "D98dMwgkV+9vTP5kpSzvY8z7xANlYnEsRTqoqW3f4GBqSTH0m2WEOghzIwqxDeVaR1lqkw"
    "JsQ7ms3WPtHmv3WLvHxO65PpsF47MgYJOp9miKzP1K60fAJziG5XHZtIZ7Bf0UP4LJAWZD"
    "oJwVidPjLZljbNVkJgMyFBNG8PeSOQ/GYJf0QuuC3EWoqtRV9H2g4QImCh+pnpU5o/Oy7O"
    "qxJqZPfXtHZUmY5xhmpKy9Y27vWBdL8xaPzxz4AIZBf+ZzE6Dzch0E++jFSZ2ETmxWbvmo"
    "m7mUThHty3WxTgQ6CPL285SxCkN/OKYuPsMI56KkBbwG4NaUX6Wstt2mq2XK25OVO2PTtR"
    "PRvTXpPHYLy9MH+OtAZ9GlbvcqDToPLBdo2R/GTWt5tEAM7KFHpsoPRZHCy0Bb8iyMVUMv"
    "0vnhy1cnPeLhKWIul8x5fkiwByXIA8ncERpYy6JFNBWbrHdq7fLhdYy7moWQ2pJg0CJ7bo"
    "ssf9WBgo65IZ0RshpZDY0sIoWMqyKn5Ww55Exushesod+mxKxy22rl1townR3mlmRXfPb5"
    "Ix0ublgQANpSpynmm1Rqi9OwcV+mW9fM346zHlRYUZS5LBlTyQ6OOCRXgvhi/laFIUXzSa"
    "Jydxc9NH7Tux4qaiPQ7jAxYoGJZphJMeK+1CRb7PjZq9XFUgWxPf7LJ1UQm8mcSI4HMNEB"
    "M0Id1AG3T+wLz+VgUKIXamZUdq0gaOGuVxZsxF3Wn45FIAw9VllBC3cNuAfcCOSouYW2lk"
    "eQOn2fDRnXWpCVp3oXZHd4qvfTbIRbPNQbOoaX6MNv5EMaCN8UfK28HYD6AzAfi/6Qev0J"
    "k5KauQ41onaxqXOMV4Qb2HCgqffvfTGbGmkrpR1Y+A3gxwpa66Aey1mwa4CdLk/WHyxQ4/"
    "M0i0zlGl/ah13n66/zeRBVAseGA5H0YQei/kDYQ8jKF6P9zA7QsLDJsURrk7CrwiTQwy7g"
    "Pw0HvreBi9tyjMRGjPYXFpbOLAt8yNzvVXHZftTSIPLhLAwcUAcy4YA7EjNpkQ5WubMzrI"
    "oWhHZQFER+HZdIS9VbSwIO3hFKZmEWLVPHMingHF0s+86eaxTMXsplt8Xl3qJQhx2UaGuN"
    "A6G9esS+BMu1FNJ9jZb7wkYw0OPS2g+Z+yt2DdVy3QoQjA7HJOojKslASVT2GxvB/5xDcr"
    "ZcnodiAuMSJijRURDWgCb38ERGGG4E+GfUQXUJiOYf3dghgrb2w1NtKGuZSXKbNlI7w4b3"
    "0CSy8Uff6TDbcgjlK+p+Eh57cLJN20a6EZvgKY62aSmwe3y2TYy9xi5IDUu5SZCaBXWrIT"
    "AHCxOE53sfknMYOSfWpMMzvB/YNFDhiNzP6uwyrFowYAT5q3sPk1rCw158hopXWSGEhp9o"
    "WP6N4fOVzo82QHQ4uz1X/KmXuipjwB6nupvjVNVXAguVZ1QdOSvVPZwbKQen4nvXNHLzsh"
    "1UjvdEGa5lA6kSp+uMc0bQ0hltHmNLZ3wfwxzrjqaDnJKzH3LLR7jvMyp1lnVFRdyMVPdU"
    "oOOjGhrQ8VGpAoS37PkQlhi08W9dG/Wy+LdM+GnCsRQGvZw2yQhZMlhnqdt4Gxtv0+Z4m+"
    "IasAVQPyYddRTWzMJn6qtIEUxYMbiI9/tI7Ke/fmEuDbhWY81AjWdg7p/+WoZ2NgFR+Rg2"
    "AykfvtWRWflHo14v+OIvvA9J4VGd9yvXpFfpBYPGfe5lS5maVAdX0c1zikHLGNmM/y8ZYO"
    "KA6DAQfk9V6wgrdOA3gScXcdW2qvj3hr02U9vbOq8aUc3KnVcw5D4LzKupZ8U6mHC4/TJw"
    "HLUHN1yxtdpxhbOwKNpByF8e1SnwDa3KszyPiuW96cSsunfUvov4vnhRB98XL8rxxXu5Si"
    "swK2FPmJhgnJbpIs5bz1W2FSQPtltB0nrE1tEzWk7taRhdS0RZIqpZSPc18et2Ln5Sdt6B"
    "xr5d3uxVWbbBHF5g2a6GSRtWm/xB5lJzQ3OiB/9P8RBedd5UmEPlPzL/B5Ws+w4N0KGYeV"
    "iA0kvsUcB/xP0Jcw7JOeZxqXzgufBDeiln++7y8V/VOTFvCeg6DJOPGeaRPTJCyZjfg8VM"
    "7sIqigGb3tkKma02kXFW9MNJYmYk5wQ7qOs2F36IH4aG/OT3pdpuRqwz6u6fjo6Oj18fvT"
    "h+9eb05PXr0zcvEuW3eKtKFX5/8TMqwplhKGrGyYK2TvBDTtYGE7VZObZBLuWf3n6GO5QF"
    "uRR0eBOV05b7aWW5H4WjRnWP8S3X2sOMiKHSZc309kNy93/6oAvfkXAtCPOjUFNeniOEDq"
    "KJDL1LcXpUOIjkmSvmoPcOqWTvwgOInuscVI0+awMl2/qmdqx440Q1pe/TMh1Ut0/rMPin"
    "5QT+aYG/jwHDb20doGO5zlUR2T7UJYUtKwK3S6pYdiBmuxG7UeFlOpEzQlsBukWTuEGYH5"
    "mPx+9pNsXKSq1F4R2WaE2u7G2NVlVhuO/NJgPDk9hzcp2b6HVW66Py1fqo6NhWiK05y4vC"
    "dpabzHIq5VyAiWQal1QQtDtnrSXd4XLq0kXfVN3Oy3VQ5W4kamaHB+a0ejKf1gL3tALc0y"
    "K49BEsSlN/WEbIHo+eRfQeU4SN9I2lxO6WhINfrm4+n3+4+Oni/GNTTEfjxz2BUmGCc9x+"
    "lyjfnH/ZV3g9xhzZjw95kyyY6XyMVZpdSQ87VO9iJXtvtbu5L7z7fqyqGQc1asQ74+zdRm"
    "wjqL59rFkWT1LDCa4Tt8aLyXk24aEBa/hVs5LWe26959Z7/vTec1siosujrvnYTY9ISi39"
    "6Mpk36bC157VapLdDD2dq472cCrUSm8Os0q3kgTeVYi4gzHKAd8UJUySZ85F2Nuiq2gpx9"
    "I2kuY/QUedy5jPHEaP4e/98qQyE7Cuz6Cvs7CrvdVIq+HKnIe2cUGG7ClsXZxecfXszZDq"
    "XuH3rP0QV4PYFKZiKYouwlXCFJkghZGR/4BuugrRGIGJw7K2gBV282fhdhavAUZGgkU20I"
    "QLmWD1HvvpNEgbTqZOAwR3PaZibrehHnxIeuuyggB3AzrcVPP8EPbScZD6YmRhqlTO4V1l"
    "IPugpTP+qI3UMkfrS9hr50GT2tM0LGAFboE5nG7IKsRddNBCjl0a0AqMW6mQ2Hx1T7rqKm"
    "qpn9iHHxIlam0Hs0vsr6ufI/ceebCprnWhOuno3KIOnukwYRjvvSkdyuKg8Q7iFCE05tNd"
    "obSXHxwNYJMfT0Bb6D9yNt8Qq7Okt79DZ13FLI7mmDAp6cY838ewt09hZ13FbDtY1QdpP5"
    "csbwv6VYTRp7Czrs6nKd8Up8+8q+on6OzDLUykL1E3XZ1Ckj5ubRG/wb46voTL4Zg5M3d7"
    "mMX9dRy3YIwBVP2RcF2xqYJ1q/r6SXXVJbyK1WkqCqrkNDGuOzQtBjUuYlNDdw0Lp3xMdd"
    "nBvWHq80c6XGB+QwCdVUzH+sh9Dvu8SXXZQeSyNTE3xSxTiLODaE19JpmnO3pnnfm17Ksj"
    "UK1RE0pFOJTUhYqjH1bUhprHzWoUhsK2YQEmGhVuCg8JmXkOGSzeEoZFUcUoPEckTBYm+G"
    "bqcJHoehyz0COqaNOPWLTJ6akyrGIGHQ+HYKRIXamoHT79q/fVu/bI5zCy+OZvl+QOn35H"
    "xlSqfoYiOqCBfD348BVeVork1Xw24t/w1SjxqXfP4mer+UZAZCCCMWHePfeYLKtT9WtSgE"
    "0N0L9ydat+PYjHLTl2xaiUVVVlTW1WrCbLKvquqlSLp60ZscOSmuV1reJxqpvjGbe3yfX1"
    "kuvbUw25HfvKGsnfhewHW/W9E1XfM3F9JVpCOu6vWlNQ9d/GcdMa2kIsBHvjhA2EsyD3WB"
    "J9Nn1LwKbiLm6KHuyH7gL/tSBD6oVF0zlso/cAt04J2E6nxueZqb4r9lhbWK/hwnoVhSPV"
    "0BQwX5GgFwt1MDdvf3Px1CW7u9vd3e7uq3f3MNBas60nEdjl+/kgabJyH78LI+f9OzKneB"
    "yKB8YroEpGvpiQ6KZzd0iuhNqNB2BFo7EbSaEZzB7h/wNQHIr7+bY71xrSUWu8H/WoMafj"
    "/ABjS9oWhW6wKLQqTbJuuTqtcPeqqjViVSvs1inJXRDsHuDbrxWtQDOsEpiW6SLGDZQKVJ"
    "CtVS+wKGmLBuZOErIVckpn9n7WSqlTISelNRl8TVkpa6Tly8WG+upaoFrLNwVqheWbsgms"
    "8Vtl/Ganld7+1awIFth6wDotJBZyackahqGYuFxONeRSpus6D9TRqsqjHnUgyXwslLUvh9"
    "STyOero1vv0Ni466ljWg8JbrNwC09flWPkB2QA807DPDTyBGO3Qup88XLWAV/UuDZ+Rqhz"
    "XoVXJzWsg1cnpcYB3qpmHuyZ8etsyG3SX2v5F6zZUv7FdddssV4l61V6av2vpV6luICIXu"
    "uLa4tUqntJo9W+JaVZEe4prw58vzDHJBkI8YAxk3diDiN/9xYUL/aj5A4oWeTTLJhRF9Wu"
    "YC6IL+aaSNGt9IoRoHc+m4hHtcZDe+xMyZIAuwLtECNG52PuRg4pdFxho/hI01v4N/QFCi"
    "JdyGV0ygL+qdovg0bn+B+49dWLrII4vlUyJskzLsMXfE4cwZSTjAzHGFn6Dl4l9V7wSvAT"
    "7uGHlTvDVEt1Fz+voh9svXBS6wRr0Anm8eGDqRsmLdM970AjLi8u+yP6KPyoTEQuXrrqEI"
    "WcpD0/weD8hLB0hbn6nZbroPK9J8p2LRtruYuaDnJW0h6R0eZRtpZ0+ebVYUvaHpHRsVHX"
    "fOzFkvJoRBgSKGkZy6DYJKYdElKJzWsZqSpGKv2Frnb0WpZv/1m+uI5rOdmXqvS6kvPr+6"
    "nGK7k/ZMeEx0gkhNQcJVPKffzXlImpC0KxQ5ZKJMVcKoN3+G9k2lQyFxFT5oUZ2RKTwnwx"
    "L/KBjT1JcYRg/I85GKPe3VvlMaaSYJ1dEogeET78DaavQ0bC7y1T1uBhIWUYdaiOz40IQz"
    "bkU44deOp9XEZ9eC68KQ96SP19xeseoaMA7kZMIrzlu1RPIW1Ikx+sOEYeEofUk3Nm4q8O"
    "u4zmMHzNIcehYFJua3RjJy9d3szSiW2hE3Hmm6YppmU6F0zwpg6Z+KacS3xToBLhQzNja4"
    "WWOewAU3tci6k9rmBqj4tMbbK81MU3EehiUYWtH5v9qCt+Xg5u1NxCWwPaRFkw9zAs5ax/"
    "wcS/EGsgBcBX+BdSch0kp/aXjCpykLFKu84oZ0Wth6HN42w9DOX71n5yzdbD8D2Oeh0PQ5"
    "5RqMsP5OUsNZ63ndJ0Tl1UM0IW0mpvQwiWpcZXUeOZSbXa35B82RbZVcjmF8E2eR7Cg9E0"
    "DofkxLRyP0NyLludBLIRxuUq5juh3WdTV1AV8Hs7FpIpGl4yRiiJiteH+V48UFeRT8dOdL"
    "lj2+18NQ3/n4MlvBk/XUqzRRH2DWssh+dxR71EMEczKv4QDlRjAFH98Ydl59vCzj/ATzVh"
    "3+L2HaTf3tSh5ctZecsaV1GbR3WozaNyavMoD+905sNUNwI4JWIhrgExbhjGVbAyQh2E+e"
    "j0tAbO0KoUaHUvi/SET1iIkgHSGaEOIv3yqKo6+nJGv66Y0q8LqzL/N+sPFvrzPSuK1Gfl"
    "Vher3we0d1ivPlWfnjuBprJAKfBJ+7Uwbxk9HkF+9PLk9cmb41cnCdLJlSqAi2COwQ4day"
    "zUUjSXAhbOIpzOzA/PS5YMnuRoloifwOgqgVYnnAN5hNL7B3MFhh+vf3l/eU4+fzn/cHFz"
    "cX2VJXbVzazH9Mv52WWh/tTMNy03kpbpXhRLI/mG1p1Vjv5+OjasO+t7HPWWJ8y0bGHtQo"
    "JHOyFdP78DXoBc/XJ5WeUTSIXbhGVwxUhjsBmcWvpBeI/Ml0mrbmCeDUxKTr7f8ITXs6Sj"
    "PVzWS6FqOMFlObv06S2Z2VeZ3JJtWcP35HCfDVWRlgBzQCi598VsekguAqkqwvAw7wO9FG"
    "SmMjbmYz4cx54iSajP4BdNBhibpo4vnDD8Q0Z1X3QuqZ08c7WnynqSrCepBYtO04HcAQ9c"
    "I3I4EbDWcS3rOP1mBjDnxLoHdiMHI4R7h2lSWFZqK1B3OisMk0r7kv1uQA+nRXbn43jRFM"
    "BbpodDBQXgmumiwkpBzYtZYAs+obHoDyky52YqRF5ud6rEwadzTAhqSkNrNDAlRo05POhz"
    "b2R0DJBWeIe4n338dHG117BTx+lHps46wOfELfQG0E+5kXKXE7NQ14AaTddoesKyzPpjju"
    "cVaPS8yvzTil5sNqpBNqp0BQCJRzOUerTLI150slZ3KcQMcEmnU0bxoWugXCZuwzOKUHPZ"
    "Z97QX0wRALMFJS9qVxGTnPZhwB95sFgn4Tkr2kEv8v56jYvBAmHNhz6ehmzoPC5KWhdybi"
    "sei7lnSMdkZOyOoNFvFEAbrE/aDmxZhjYvUjaOrfzz2s+IJhvH9j2Oep04trUOz7bnZtc4"
    "N3uwMES1IGiRrYwRDGdhEWHjIMEkUX0vQV0ZJZj5WkvCBPUTeAvYdjsAs/DJbhCFCVBEkW"
    "rbCcG8xP72cLOtFYjJPbAmtBmGBmhdqE66ClGpB8wEok+qk+5CFEZKboqR6qWrIE25tyFA"
    "n3mdePC9BEcOx8yZuQw9xtuYSzdxfx2cVLuKDg83vhUh4snuWC9OvO8m7WtEi8+F74TFhG"
    "gUc02ms4BgGDJJ9xqdaIrnFsw94nIZ6OLAN+xNe2hofNZHPhY+/Jn5Q0RtCHhbQsCTaVg3"
    "wiIR6GAQ+Gm9wNmKuFmbwdt1DqwO85lZ6A05m6KoraZpj0LbIQtmT+2qQ9SsPLWrbD3YAr"
    "SGebH7CrFmKWxTmdKI7NGYBUsaqNwW4Ms2NfT/IXSAB3y9PHpDfOo5YkIGPJChEg94yORw"
    "sjGVWED0N8G9OMETcz0HvqDOkOrtgS33blirND/M2NYWKd13uwLnlIlZEbfv3NFhx3VqPB"
    "6X13g8LtR4hI+Dw0CsYVNkJW3MTHvc6EUbAicRKBkmgclpERt6Vgw9A2yMMwEzMjaUPg+p"
    "zx7FeqdnZSXtWtTmtciyWOUfVHdZLBu/17VRrxO/Z7lLG8y3N8hW0JiWc2uUc7PxfU8U39"
    "ckpRkFZ2mPXorDtqrOXkra1KA0pzDNwhCDbNBBj8DGRJ7duWwUgAJxp97xuWIZ2QhJMfKJ"
    "+g9hLTp4DqyPAVO16ARsx8TnUlv6ruGnaUMi8iuQcqzYSIi2Mpa+MCvXFre3FWzqFJlAl8"
    "FatkRGsIOmxP6aDkWLMVpFTYc4JWZ5oDaPr88m4nFNti8taUe5zaM84r5xFcKMzO5o8pdN"
    "bYVbpsmfoq5jy76QrRfxYS5/xELUhrgW5KxTp+jUoaaopkUsoFpA19k0qd0x92HHDAT8hn"
    "UXJL2wXfKLn5FCao3FqSBnwa0C13yhysva1arNqxWXMFaAqtSM86qKfClBW4/PoB4fQIf5"
    "c+sUQVzK7RDxmOzdW8Al89aholJidhFr8yI289R+o6oXmmkDGkmrD2hOTpihn3LmBVyTHl"
    "r9EeVE7YfU5g+J+sMxfzS2WvJi9hMqfkJT7q3n88oI2s+nzZ+PJwI+4sOopgN7NEum10vv"
    "8tSCy8uDpr6mJt3Jjk9Hms/qln0ro31jgS6c91X1AZ3/8zbz7cQgPvt09s/nme/n8vrq57"
    "h5CvQPl9fvdWj3148H1snbZa3Ny5qN+C9f1/Yz9ttG/H+Po14n4h9arhOQnhOz4ei5QH+b"
    "R9EkvLYGjE2e2DHEzSRP2HI7Wy+3E+9Mu4O1nTvY6kLe2S18g1rTPhsyeM/+BLMlND4ug4"
    "qlX8KuMO+iQxO60WKlZ0FAh+MJU08r5O6k7vaq8ndotl2NHJ4Rd1mYUxMVq+3hX1g6aOrS"
    "IcPioZhC87NgWEKIqWqicVPCJQlnm0NGwidYX2ghPG32TmPP0ebtTJaVcmHX5Orn5tN2Ki"
    "sY9dCP+HtWvrd+USNc2lJPm+DhArZQUlfSjqyd0KidYHh6264jWPfJmxWvZQU4bybUdUsx"
    "Tct1Cdjjo9evEkzxjyo4bz6dXV4WMX2An2DiL4rbd7D28pYdREM61U/WchdRSsQ6icydRH"
    "P6iCnTkyLkf7m5vtJDnpbJk8Z8GJD/qqrzncIewajGPg9zbpPDDvLYP3JQfURkyRqEF2bk"
    "bECnQXxhooUb6GtpGauoFQBVVpcxpGkpC2o1rZuybDfkxbp3mkwvx41lZ9Zq0nESn/m3Mb"
    "L1zg7cX1yXi6BpOe/shrchz7ikxf4OnXUI8R1RjQq1SroxxrUO5dh/jBuv5B1vsSy5FBM2"
    "EM6CiCmMmkMowQ5+RF2GLHstkommwlqGMMuUauv6ZCi72HthGbsuMHY4V9YKkskIdjBGZn"
    "9jYjRh8cuVyTAsJi9olVIburFDHT+7N22ojGZdh/sJ72oveP6LtUEbOwraKNf0m1RhP4be"
    "4NiE1aiwuRaVKmzkW+6nbOs6rvPYOx0dwxnVp0w7qkHdnEjmPjJJqFviGF+zl9oneKa82Z"
    "UKbspYtjpuF3Rc65W2Xum98ErbRJV1puremWPWO2ANsTbCWWGIWRth64Hd1n+1Xf/V09hf"
    "FYZXLYvLyNK69hg8Hw8mAIMokjwkd6BS3YWRwZ7E0GLJHaYCitPaqyr0j6HEqti/8B3mF4"
    "2wbT/gq/fV+wx9SDKn7gN5llOnewR6fn5IrgSZouU3oQsV0kwGLOwA3mKwINx5Sz6Hy9XN"
    "3y7JXMxcJ+wQH8cdomYv/OGL2f34q6eiopVLBNBmP8j4l0jyTE4Zcw4n8OSveJCCSz34Xm"
    "DK0enXg+f1Tz9QNmQPbEXJ4NGhpelyJF3SxmPOyOyGQaiehP852TMr0Jop2zJTbKBnEuj5"
    "8lWNSM+XeWNjGeqJt3KlK9k3o1ogcXsb5blGKRAWUO5qQi/KgzxTIjbGc/0YT59N3QVsso"
    "YWW07Mpunn1o6xqgboC2Hq6C1KWmzzIZ0ePlj245y7IryV0claeRulbBClXNSwDXQQrXAX"
    "9sysPvLqpIY+8uqkVB/BW4XSHwEiN6ZybAR4Ts5ivRprLvtj7oCVbbi2ZOTsmmJSWZm72u"
    "CSSriXQhZrA6yZw9dzbmUEbam9Nru24gCSNcoqZiTtKLd5lNm3KYfu1vmUM5J2lNs8yjYa"
    "4bsY5hbVybQfc3Mfs42BazYGDv2AhsBmhCzfZos4bj1uYq0ijkuf9m6ifdo5fVdim/l6N6"
    "g2uMzY2FoOcIdmtNa6HAnN9DSBqpgT0UW4YpfDZlhFIH0KO+sqVj575HJrYH2JeusuWnS4"
    "han1JeqmqzBJ+lhSu9cEpRvspeNLlRyOmTNz0ZjccE7dxD3VR2xPFJAMYCPhumIOut1maN"
    "0qv/9PqrMuzS2jkN+06otHwZVDeu2xWwH/qb0R3CQddnAOTrnOUWkM1WdeZwPYF4DWix+P"
    "tavyMPKU/rUymrw/STVeGVX+j7FYFqMmsdLYizNuuU+GYgY/+50Kt1ZFqiWWrMa/MPqQUJ"
    "/Ff0e9/ICx4ipQrhhj3vzjbEawzQi2GcE2I7gDofY2VdSmirYRTpsqalNF2wls61NFE26w"
    "XNdP04erlX0/3bqGtq+q68T6t6TcIQOsW84I9QiG2sVnz/BgHCd5YiRveBgND+qfddPsoz"
    "Rafk0dvpcOKbQKfRcUeps1t7usudbE8bZ0i+pEvJA1PGwFe6vWGah1EdNfrtQtXQGrVbql"
    "H6JOBXFG5sJ3JBGj9KGCI+E6kd40FJMp9TmWU3wWdt3HDfBwunh+SM4Ab35/z/xI1ZKoeC"
    "mNLMuwKomCjrfTp2M5EXzghN/7Uc0Rx8FTEkHPHMEEllg2kvpB+C5YAeQt/P/PF1dRhRCB"
    "tUVQzwTxCbyxlyor0iM/3d6c4jX4A/apmjqmkQr4nt+XsmDaJVNDgkUfx2baX/MM2J+Ojo"
    "6PXx+9OH715vTk9evTNy8SKqx4q4oTe3/xM9JimY0w5skswWsJ3j0neG2SxXehTuNeZGKf"
    "xu07UTJn1wZq22yXJ92Pt2i5mOjXNaycOEKkeRunDQOwfQtnI6sFg240tkoUi1NuoUQxPy"
    "ZV4UEEzyWKDjlPq1e9JauryvWpo897ZOYF3CV3y1zRO/IMX/9tdCckhmde2PHzqlryO3m2"
    "IROtUzBVb5vS0bmz1VO5tpbk7gLJjYU1MffBcGPLidlEs9xR4Mm3Z6iAZwSt/t1q/dtWLP"
    "geRtmyPrtYKQcLQ2zzcnYHsvZqA5Da7PE2ZI8nH/sWcO52Anl+WTTOIbesy76xLknCq4Z6"
    "SSfDlvMvfrrVahLGI2wifuO5M/WmswAdnYm79h2RSIRQFxqIqcvUUQ7xpbCDlGsX3mBM8H"
    "hpDfHS/PO0yT2p2a7EVUN7knX119cxdiQZ+Czm5RVqE4FOOFlsbdos1MmVva2Xal3D6wzA"
    "3pEWbbP+2ju0NsWrJea0DVzdroFhT2PvyGnsX9iQwY/+RP2HA62Jt7zdq7byVMP+JG5ZI6"
    "2LKQMLBOJIXDzGj/hCMhJgxYXwXL8e+sLTxI4kckJdMLs8PDwvNNyix0tVaoF6cAfmmtNT"
    "Zhp6Ewt2306f/tVTAb8CzT+pzgx8gL31kFw4kvgcHhiGD4Nm8zY8j9AFrMKyESPh34sggJ"
    "cdKI//pMqkxBfG26DBYpEcpa5pKkVYC7AtFmBqoMwMlFhqh+bJ02z52zw5w4YA2xBga+eZ"
    "2Hm4oRibeSkha5asMkviLXtjqyTuaD9hrWGUpKZVmxToTK1LjQadr4VZrkKHtTeNjtdeho"
    "1m3RcPjE1VCTKqTvdEDTcsVCbmXlXwqWEvlWXL4h9Sy6HRy2wNWwwptYXQOqYyW93jO9E9"
    "LMdsOeb2wVmhzFke1JYRazlt/0Qqcr7AuU5N1hRBr1CVk+Lrm6jLSLXCbMQSC3g0iiQuzA"
    "q/R9g36MVdqAiet2EaljqLOXq1C4dM6APD0g0+m4JOQcbUn7hwc6Vq3cwTq6sHF46RrquQ"
    "4xvaVKzO6M3tOIu8bavrjg4jL4L9l5vrq9LEjkB/WrPDhwH5rzLG9xDqCmgRjIxlUkiqz+"
    "fP5z4A7CCfVB+vXwXoq83ElJi1EVttI4LOF2h0w/JlLBHY3dJ18Pn86uPF1c9NbRbZ9etN"
    "jeXrTenq9Sa/eDHf151bVr50JQIbLVztzI7Y2bplGa7y2Y5+72uM50gOd9mH1Sya0PtyqL"
    "Ed9ab2sMKBRDb/t8t5qvuzkVkS2ZLI7YF0uySyTaXeWSr1U/D17VxkN6Hr18uk3iJfr0oe"
    "fxaSl2X+5lr0Krn6sIDyNN14JVP/ZzGHW35EmGMHUUHkMZUkOknUCfNssXyy6jmKTyGuuC"
    "8S8dvocIPaykmfxU/jBsPJS8NQM4LbCUZtQ7Hl46PXr5IoVPyjKgD15tPZ5eXqCsrpGZaL"
    "pq6oYp2W6lKw7w7KWRfUmKdZrjInAmsWq/yJweVLVaBa9kfLprWOIg3bo3cu7OAt5mrMfZ"
    "hW3n1YyLFHBgz/iM4Ojes79ojwI+nwJQ/JHZfR86H9XfhUlRSyUKcRFda1HT//q+eJMK8l"
    "0z9x8FAkTwRkOKZe7O3E4cVX4YFk7mi1q9IXIrDJKq31IKZnhmaNXZGxkhHdYdpKPCp7m7"
    "Zi6eB1BqDlRGCR/8XFz5BWSYlYWsWyVJalapmJb8RSKeVnc0i7H+eYWvXaFOT4GT4ehkOj"
    "q1Ef36u0PqbpVjViGaMsnTlYAHMqVWF4zDbnHjskaBZwGf0Jivkc/0L9XAYwo8BCmPpiCF"
    "OF4TlVmM2uKpahSq6LYWzoSXg4Vjijo9T5CfdmAZOH5HpEpJgwVeaee3hYLGBEPMZRjkzE"
    "IyuNfKxrPrRng2hD1cHtmwqDmdQU1FxlJcRStuyWgYUAuCUfiTnkGVGLuwHudE4X8O6PHN"
    "a3Iu7lUVJ5ud1HeaaYicGMuwH35CE+7ykYiWZiPwMazGRff8hydYBgSqwLZy1nAwRfvnhR"
    "I0QQWpUGCap7WrCNy1nm5boH9/FRDbSPj0rBxlt6rNc+HULbgT0kos3UkByLudcPB85kn8"
    "nL2aDc9TcUl8qgLxnz1vjk8rL2a2vz14bVyh/ZGsOcEbRj3OYxtj6VcgVmP4OtbYj99zjq"
    "ZSH2G0WmrHJzGJ5Hsq6Tow204Jar2m5EsJ8xnw/HBxp6PbrTqyLX6bLNKmq9HKQN6GYd01"
    "wak6blmDXRaNGItHYWbafuZDnNjAHK2oC/cs4hJdLB/PWj09MahAO0KmUc1L0czQkflQHC"
    "UfMOotsIeWYLBOzUpn/SmNU//heT0bv5"
)
