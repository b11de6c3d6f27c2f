"""Files, and files in messages.

Made by aerich from the models. By hand: the CHECKs.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "media" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "kind" VARCHAR(8) NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "purpose" VARCHAR(12) NOT NULL,
    "file_name" VARCHAR(255) NOT NULL,
    "mime_type" VARCHAR(127) NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "width" INT,
    "height" INT,
    "duration_seconds" REAL,
    "blurhash" VARCHAR(100),
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "owner_id" CHAR(36) REFERENCES "user_account" ("id") ON DELETE SET NULL,
    CONSTRAINT "ck_media_kind" CHECK ("kind" IN ('IMAGE', 'VIDEO', 'AUDIO', 'VOICE', 'FILE')),
    CONSTRAINT "ck_media_state" CHECK ("state" IN ('PENDING', 'PROCESSING', 'READY', 'REJECTED')),
    CONSTRAINT "ck_media_purpose" CHECK ("purpose" IN ('MESSAGE', 'AVATAR', 'GROUP_AVATAR', 'STATUS')),
    CONSTRAINT "ck_media_size" CHECK ("size_bytes" >= 0)
);
CREATE INDEX "idx_media_owner_i_04a7ae" ON "media" ("owner_id", "created_at");
        CREATE TABLE "attachment" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "conversation_id" CHAR(36) NOT NULL,
    "seq" INT NOT NULL,
    "position" SMALLINT NOT NULL,
    "kind" VARCHAR(8) NOT NULL,
    "caption" TEXT,
    "waveform" JSON,
    "view_once" INT NOT NULL,
    "media_id" CHAR(36) NOT NULL REFERENCES "media" ("id") ON DELETE CASCADE,
    "message_id" CHAR(36) NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_attachment_message_05c5ad" UNIQUE ("message_id", "position"),
    CONSTRAINT "ck_attachment_kind" CHECK ("kind" IN ('IMAGE', 'VIDEO', 'AUDIO', 'VOICE', 'FILE'))
);
CREATE INDEX "idx_attachment_convers_414a44" ON "attachment" ("conversation_id", "seq", "position");
CREATE INDEX "idx_attachment_media_i_67264e" ON "attachment" ("media_id");
        CREATE TABLE "attachment_view" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "viewed_at" TIMESTAMP NOT NULL,
    "attachment_id" CHAR(36) NOT NULL REFERENCES "attachment" ("id") ON DELETE CASCADE,
    "user_id" CHAR(36) NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_attachment__attachm_7c9815" UNIQUE ("attachment_id", "user_id")
);
CREATE INDEX "idx_attachment__user_id_0f8961" ON "attachment_view" ("user_id");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "attachment";
        DROP TABLE IF EXISTS "attachment_view";
        DROP TABLE IF EXISTS "media";"""


MODELS_STATE = (
    "eJztXWtz2ziW/Ssof2lnS+1N/Ion2doqJ3F6POPYmdg9PbWdKRkSIQttilATlBXNTP/3xQ"
    "Uf4gOkCImUKQQfOm2TuCB9AAL3nvvAv/cmzCEuP/gLG+y9Qf/e8/CEiB/Sl3toD0+ny4tw"
    "IcADV7b7LWow4IGPh4G4NMIuJ+KSQ/jQp9OAMg8a3rIJCcbUe0ABQwOCHOaRA3Tvz7w+Du"
    "4R5Wg+Jh7CaM78R+KjCV6gffyAqfcCBfiRIBq8EXddgjlBE/ZEuLiCmHeAPoiekM/mHD2w"
    "A3gZhw3F24hHbfm5M4/+PiP9gD2IJxJfPP3Xf4rL1HPIN8LjX6eP/RElrpOBmzrQgbzeDx"
    "ZTee3nny8/fJQt4W8a9IfMnU28ZevpIhgzL2k+m1HnAGTg3gPxiI8D4qQGxJu5bjRs8aXw"
    "jcWFwJ+R5FWd5QWHjPDMhWHd+5/RzBvCaCL5JPjn+H+jV0s16/evb+76txd3/f5eYRbAK+"
    "QGKLo0ZB7MIOoFANS//wj7XQIir+7BA97/+fzL/tHpCwkB48GDL29KuPb+kII4wKGoBH2J"
    "svx/Aef3Y+yrcY7b55AWL7oOxvGFJcjLTyWGLwaoBUj3Jvhb3yXeQzAWv54eV0D89/MvEu"
    "XTY4kyE192+LVfR3cO5S0AewnuFC9chhXz+C+3N9dqfFMiOYgdOgzQf5BLebCDUFdAC2BA"
    "zxPOf3fTkO5/Ov9HHu33Vzfv8tMcOniXgz5aeB7JQmd2Z6XWmuPRKtEV3LNT/PDkpMYcF6"
    "1KJ7m8l4U63DeKMH8QIAV0QtRQL6Xy8zwSO4h/MGu2311+uri9O//0OTPlP5zfXcCdQ3l1"
    "kbu6f5obj6QT9Mvl3Z8R/Ir+7+b6Iv9lJO3u/m8P3gnPAtb32LyPnTQm8eX4UmZ4cRCQyT"
    "TgxQG+nWDXvfQC9QCn5XJDLGBqa1BftvUdPcAb/Hh0+Pr0TNyVLwi/vK4Y6ttP51dXl9d3"
    "ue9F6k19PfUmLbOBktOxxWkTlSaFJ+ZBn/g+83WW+qyUeUv9ycuXNZZ60ap0qZf3slA7BD"
    "trrPUpsQYW+47BbtJaP/QJ4L7GEGcl7ZbeuWEGO3v0mLIB4cIADx/n2Hf6hTvskJW1Ld6a"
    "HE7yV7CHH+QgAZrwnhF7csUeLqZsON5TMCvJvV4VveKyhz5Jmq0kWW5CRgIICx97DpuIN5"
    "oMiI98Mf/mxIm5DvjzZlMgPwTQAfOJ00OcoWCMA+QxRLDvUiE1nPmc+dDsgTEHYW+BJqJx"
    "kWTZ4nMbJlmq1TqlDrKmQreaYmlzu9xUoysnVZ6wO1OwKu/oQymsicj2VOX2sf3T4eHR0e"
    "vDl0enZyfHr1+fnL1MkC7eqsL93eVPgHpmwQyHoUPL2hPxgrJlTd6rXNZI0qTWkhbxt7BK"
    "jEWnYno44vMZE8Q8dxFSsEOxcIjxQNgXzZkrFo0BmwUH6E60eiQLWEv2p9gPKPTbQ2KTkT"
    "+9UK9lbT9w9SL2K6jlBE9iMygS3/tn6eqWNNH6FNNS5qxzW/gWq5bEZNx195uMoEmLYxNU"
    "QoAf9OZ2JGASjluZ2EvIM2tQXfomu3A16KTqrlGkQeA8irfXoW7i9gb6oI7rkDbH5ZzNcY"
    "GysT6oZ/NBjanjEK8/8tlEB/6c2EZDsDtcWSsjYPmsdYbC8llaht/nRENVG3+f0xpsNa+V"
    "UXZXG4JgWBHPQWyECB6O4f9gkb06RUlH/ADdC6WvPyAj5hMZ3ANNxKXQloOb98gnUxcPgX"
    "oSrWQDLv4MJO08p2gPbvG5G3BbXTI5umABtsF0jYlKtaiyQGIJa4KsbYJYq+85II+WMm3k"
    "U3J2ANYegJHLVP79KuwTEQv7LlLqnwi4y/iYTlV6VepupVY1ybZbqVKde0ggTvwn7Iof0H"
    "xMhX6D0VT0wTzECeHiNzE0T+ICBqEfOArZnR4asGAMehEXkkN35hDnrdBwfvyNUQ+4cyaU"
    "GiHtMVBkikrVVp9ch22fceIDZVXOr9sQ7W2EaFvGsXHGMZ7aGoCmRCycBY6xO5ZWN7bpJp"
    "w7QAD213NhFkRNwnbbqj9bcxBygmsNQcf42+9OCT0fDtnMCz4Ql5QxfPkmleooDhuLkUm1"
    "rqOURoIheQZkmszcE1OHA3smLgwIaHrhBbR/zwOxtEr++v4FYj6aYy6uhrflRRm84UnOzS"
    "dD5ks2jwZKvXSrD9+A8evOtv6sfF87auiEcC4+EkUeSLmnNi1joLf21WkNb+2rvGdk6a2F"
    "W7lcKiL+TL6eyyova51WnXNaZQJJhmPizFwxXCMVs1U91gVhO9jdHuxkR9Qe6YykTZ/p8i"
    "gnGo7uIGcE7Rh3bYw3Mkay6mlxZtx45I6Jf+TMuBS4YW+o8hZF5sbPUSe7qJEury6f7+N5"
    "osmntXHxl0sjKdQwz2/fn3+42PujQctu5tDgwgv8xZ7KqFve7VXac9CuT5KGOjVfwJgCyw"
    "jKr4BJhRND6wBdBojNApdCbRWwkmILDHuOsJhGxJdGGBD6oqvKCi/NPeWr99W78+nDA1zf"
    "p6H5NqEPvvRGvEBisMI8AGEbig8KTEOXccgcINSHK+Ir5D3Z+YN4j1FAxFW0INh/Ez8DCX"
    "zr5jT9mp4t2XAtcFr00K/pq4Y4McRMPBhC3tfQZcPHA4/MBQA75s94Nit9d3ZFDe5drDZM"
    "F860jMWzgKeS6S0nOZYSBlIczQek89ngNzJUqMjlCKdEzCvU0HzZKTrtR7utDshZKfNwPq"
    "5T+ui4vPLRcbHwUUi4KRffcpyzUubh3Px8dkiAqas1mVMi5iHcShUvmypRjr74A50bz11E"
    "E2NH6IxoDnc1c0JMKnzxbcp8ZdJ86m6vygCXVgZZNlztS0VDNl2Av5ELI3nAnMUPwjgWvY"
    "SmsjA2FwjzR+JASgJU7/gXnUI83r18kkP9/w6fxu97CN7ZQYOFtISpsHeF8UxdKIYq2lAx"
    "Sgpv6tYfv74lLW1oHohfZT9TxxrTnTOm0wGhmlagQtQag7kQLOZPVBtiueKxlNieMbh3/S"
    "HOnmxf+TiroXqclSoeZwVrMF5eatuCsYCBxnbz8QRROHhfbBQUF2F+x5hLsFeyOudlc4gP"
    "hHBbkCdXtrs0vLu5ucpobu8uc9Fp1z9/enchBkGOgWhEg1TQWmZi03+R/mARqAJmqqIGs3"
    "I2aHDdsM1IBVrHGZuRtN7YrnljrdVa77Mzy2rNpG8sTRHNUc9K2lHvyqgrPvbo7TvgN+za"
    "GK9v2xSon1XBKR+FeUwfvL+SRcvhKd2AtOEAle1xaeSJDsmeikcL7/QqObRlm1q1JynMAj"
    "GUkkRhI0hLlZUfD9B9WOP2Hu2/Ojh4dfj6BSQH0ICj8BGIOiiKG7kVswq7aOqzgInvVV1z"
    "sq0HKSixX5MPIP3QfhxJEt8MHxsSYMYdYmQCHxYNUAH06jzEpZRJiXJNJCHmv4YCsBUO5a"
    "KoiZzNYR1GTLQqZ20OC6yYPZVriW+tcyxeVZxj8ap4jsVUzEpganUwTsuYiHPj3KM8YYUT"
    "ss7pUHlZAy213bXMLA1jvkFuaZjvcdQtDWNpmA5A2iYNk/LQEc6hUqnCPxdJfvzrFxLaL+"
    "VI34a9GAT2H+0zVVfUe9wrZavk3d5qxqrvxg1rRH15ZB6TQ1FOFNBFYSUL6CeMpPrbFzQU"
    "jztAt0RoJtFZJuGxTAhzNMZ8TPhbdL/0EcrStkBHDOA0bLlvFbisrT+91mEq4cRNKK6U29"
    "PGd3WGz/rd78Ow6xiqKRED7dTmw8u5/Ni0Yc6JWajrZKZYNtGyiZZNtGziGpGMNqltK0lt"
    "uxCQu/fL+eXd5fVPbalybc/lqc+eKCjf8BIFqO/It7JyqTk5E+ZzFTN28Y+7DClWOBIoIc"
    "aubq5/ipvnzwnqbFxo15bw3SUprUfCfG66jkcixWkURr2iVnpGyuZAVRLUfMl3bshR12dO"
    "u4nrSpY6O686FS9I+ZA9EX8hRmtPxcOm7/cqmdi4Zf+R1CyB9QsQoFCGKlTM0YCxRzQUtj"
    "0ccBH3B/2jMCwLKgjHbedjKq5jxLEbIAgS4Gg/eYWD6eKFLGoFfw1HHoP02jcFNnbLz//q"
    "zcdQBotC6eSw/NV8LGnZMNuXB9R1ZfEseTwHRyMxreHWRJZWDpOB51AuWfaAXPG64spsWh"
    "7KSKZsKEkp6hAvoGJSFEMWfy3cVBK+0ajWNQai5s2YAs97aForVFg50ZuMWRbq0pDFpL1J"
    "EYuHr45fH58dnR4nYYvJlarYRUXY4nJua8zerJSBtExjlUM6UkPiQtZNvVwOm2IvK7Sp3M"
    "+iSqzZmVDvJE6x9ol1GfwBMlZ9ucGI/SPeSeT1qE5+VG3xTVS2QVbEZ0Itl3HswtQXjSf4"
    "kUBce6pYhPo0zi0+u1Y9Cei10o0Yw6vtdlGI2t1Ge7cJB6gA+4qorVjIQKN4R4zgUu6jIw"
    "vylYxlCBfbQGla5FpULsZhZES0GAc1zYvz+Mg80PKRpEwd4vcgvoJyPoOis0K/jkoKon2P"
    "CNUdbpIfJ5i6L3pC12Zi8ROKubBmZRZRpmhuYfndwvOUSn7YOdyOyyNmMpXiF7G5Sp2N7U"
    "iGSGP7S8sYqKC24DdMPpPaGkYiYSDArdQOfIaSrt8hytalUY6+uS4NG25vw+2f25HR0aoH"
    "n4T+fMceibensDOWNytNDNDBhWIdt6tF9CQ0C5KCCPogsuAAlsHcb4A1AUUtPlYjPvqC+c"
    "Dzg5sB4sGnmPM5nH04IGgILgLvAP0M5AwTc01N82ztyZpFQ6czX3x3RCOQXL6/NvmTlbK8"
    "jzbvEw+UjsWxFDFQU2ve4CBySdH0m2WEDIS5FYXYhnKtoyx1SQG2oVzW7rF2j7V7rN2jY/"
    "fcnM+C8XkQkMlUeXZC5n6l9cPEJzgWy+OyaQ33CvgpfhQmhzAbAumsSJweb9AcYqsmMx6g"
    "IZsQBH8vmtNgLOySXmhdoPsIVZm6Cr4PMFyEiUJHsmdpzqi8LNt6rI7pU9/ekVkS+jmGGS"
    "lr7+jbO9bF0r7F4xNHfADDoD/zqQ7QeTkDwT58eVwnoROalVs+8mYupZNF+3JdrBMBA0Fu"
    "Pk8ZqjD0h2PswjO0cC5KWsBrAG5N+VXKatdtulqmvD361xibrpuI7qxJ55E7sTy9F7/tqS"
    "y61O1epUHnCctFtOwP46a1PFpwNjwcAy/LD0WRwstAW7QfxqqBF+ni4NXpcQ95cMyVSzlx"
    "Xhwg6EEK0oATdwQG1rJoEU7FJqudWtt8eB3jrmYhpK4kGHTInmuQ5a868c7RN6QzQlYjq6"
    "GRRaSQotpGdSn1tNz2UpNetoVyc5XUgbdaQ79NiVnlttPKrbVhjB3mjmRXfPbpEx4ubkkQ"
    "CLS5SlPMN6nUFqdh4z5Pt66Zvx1nPciwoihzmRMikx0cdoCuGfLZ/I0MQ4rmEwfl7j56aP"
    "ym9z1Q1EZCu4PEiAUkmkEmxYj6XJFsseVnr1YXSxXE7vgvn1VBbCdzIjkeQEcHzAgZqAM2"
    "T+wzz6XCoAQv1Eyr7FpB0MJdryzYiLqkPx2zgGl6rLKCFu4acA+oFshRcwttLY8gdvo+GR"
    "KqtCArj50uyG7x2Onn2QgbPHVadCxeoi/+RjrEAfN1wVfK2wGoPwDzMesPsdefEM6xnutQ"
    "IWoXmxqLTYybsOGEpt5/8NlsqqWtlHZg4deAHyporYN6LGfBrgF2ujxZf7AAjc9TLDKVa3"
    "xpH3adr7/O50GUCRwbDkTShx2I+gNhDyErX4x2MztAwcImxxKtTcKuCpMADzsT/7Qc+N4F"
    "Lq7hGImNGO0vJCydWRb4kLnfq+Ky/ailRuTDeRg4IA9kggF3OGTSAh0sc2dnUBUtCO2gKI"
    "j8Ji6Rlqq3lgQcvEUYzcIsWiKPZZLAOapY9q09VyuYvZTL7orLvUOhDlso0dYZB0J39Yhd"
    "CZbrKKS7Gi33hYzEQI9Laz9k7q/YNWTLdStAEDwco6iPqCQDRlHZb2gk/nMO0PlyeR6yiR"
    "iXMEEJj4KwBjR6EE8kiMBGAL9GHVSXgGj/0a0dImhrPzzXhrKWmcSbtJG6GTa8gyaRjT/6"
    "TofZlkMoX1F3k/DYgZNtujbSrdgEz3G0TUeB3eGzbWLsFXZBaljKTYLULKhbDYE4UJggPN"
    "/7AF2IkXNiTTo8w/uRTAMZjkj9rM7Ow6oFA4KAv3rwIKklPOzFJ6B4lRVCaPmJmuXfCDxf"
    "6vxgA0SHs9tzxZ97qasyBuxxqts5TlV+JWKh8rSqI2elzMO5lXJwMr53TSM3L2ugcrwjyr"
    "A1de0wJ8Mc6xW6g5ySs5xVx0e4L4x2rrK6KqqlZqTM2x6PDmvsjkeHpZsj3LJnB1jSyMZG"
    "mTbqZbFRmdDExP4uDHq5SZ0RskShyoqzsRg2FqPLsRjFNaABUD8kHRkKa2bh0+WxU+QDVJ"
    "Mt4v0uEvv41y/ExQFVaqwZqOF8xN3TX8vQzianSf55M5DyoT2GzMo/WvWIiC/+0nufFKVU"
    "eUZyTXqVHhLRuE+9bJlLncrRMvJ1jiGgFaJe4f+cCEwcIToMmN+TlRzC6g3wTcCpNlS2rS"
    "oMvWGv7dR9to6NVlSzcseGGHKfBPqVtrNiBiajNV8ijIL24IYrtlI7rnAkFUUNhPzVYZ3i"
    "z6JVeQbgYbH0M57oVX6O2puI78uXdfB9+bIcX7iXq8IhZqXYEyY6GKdlTMS58TxWW11wr9"
    "nqgtYjto6e0XFqT8HoWiLKElHtQrqrSUF3c/ZR2nl7Cvt2ebNXZdkGc/ECy3Y1TNqwEuEP"
    "PJe2GZoTPfF/DAe0yrOIwvwa/4n4P8hEzrdggA7ZzIPihF5ijwr8R9SfEOcAXUCOj8wVnT"
    "M/pJdytu82H/9VniHyBgldh0BiKoEcoyeCMBrTB2Exo/uwwl5Apve2emKnTWSYFf1wkugZ"
    "yTlBA3Xd9kLT4MNQkJ/0oVTbzYgZo+7+6fDw6Oj14cuj07OT49evT85eJspv8VaVKvzu8i"
    "dQhDPDUNSMkwVtneCHnKwNJuqycmyDXMo/vd0MdygLcrGlYDqp62+kv0scFap7jG+51h5G"
    "yw+lLquntx+g+/+CU9fvUbgWhLkzoCkvz5gBB9GEh96lOHUmHES077K50HuHmJO34eE0L1"
    "QOqlaftYGSbX1TW1a8YaLq0vdpGQPV7ZM6DP5JOYF/UuDvY8DgW1sH6FjOuAoTzUNdUvSw"
    "InC7pMKhATHbrdiNEi/diZwRagToDk3iFmF+Ij4czabYFCureBaFt1i+M7mys/U7ZfXZvj"
    "ebDDRP6c7JGTfR66zWh+Wr9WHRsS0RW3OWF4XtLNeZ5ZjzORMmkm5cUkHQ7py1lnSH8qmL"
    "F31ddTsvZ6DK3UrUzBYPU+n0ZD6pBe5JBbgnRXAfIKFVa3dcSmxvAu/9fH37+eL95cfLiw"
    "9t2eWtH1wjtkAdnOP220T59uLLrsLrEeLwfnxcFSfBTOURq9JDSnrYojISq4Q7q4sITaIP"
    "5YFiFDVHQCVudUGdoyPC+txruKmyktYZaZ2R1hn5/M5Im3Fv8qgrPnbd00hSSz94hsi3Kf"
    "OVxyLqJIuKni5kRzs4FWpli4ZJeo3k1JoKEXUg5DOgm6IEOcfEuQx7W5iKluTpm8hB/iQ6"
    "Mi4BOXPuM0QT98tzdHTAujkXfZ2HXe2sRloNV+booY3z27MHHpk4veJCtZshZV6N5az9EC"
    "fXbwpTMbPfRLjAR7IhUhBo9ovoxlSIxgBMHOXSAFbQzZ+ZayxeAwg0ExbZQBF9oYPVO+jH"
    "aJA2nExGAyTuekSGMDahHrxPejNZQRB3AzzcVPN8H/ZiOEh9NrIwVSrn4l15wPtCSyf0SR"
    "n4oo/Wl7BX40HjysL1FrACt0AcijdkFeIuDLSQY5eGaCWMWy6R2Hx1T7oyFbXUn9gXf0iU"
    "99IMZlfQn6mfI/WeaLCprnUpOzF0bmEHSuRPCITPbkqHkjgG10CcIoTGdLotlHbyg8OB2O"
    "THE6Et9J8omW+I1XnS299FZ6ZiFkdzTAjneGOe70PY26ewM1Mxawar+iDt5pLlNaBfRRh9"
    "CjszdT5N6aY4faamqp9CZx82MJG+RN2YOoU4fmpsEb+FvgxfwvlwTJyZ2xxmcX+G4xaMIY"
    "CqP2KuyzZVsO5kXx9lVybhVSz2UVGfIqeJUdUZVDGocU2QGrprWIfiQ6pLA/eGqU+f8HAB"
    "AfiB6KxiOtZH7nPY522qSwORy5YY3BSzTF1DA9Ga+oQTT3WSyTrza9mXIVCtUWJHRjiUlN"
    "mJox9WlNqZx81q1NmBtmE9GxzVwQnPXJh5Dhos3iACNSbZKDyWIcy9RPBm8qyG6Hocs9BD"
    "sgbOj1ADx+nJqpZsJjoeDoWRwlWVd7b49K/eV+/GQ5/DyOLbv12he3j6PRpjLvsZsqjePf"
    "q69/6reFnOklfzyYh+g1fDyMfeA4mfLecbEiIDFowR8R6oR3hZ2Z9fk3pWcoD+mSsD9Ote"
    "PG7JKRZalYGqChUqawMpKhRG31WVavG8KfhbrFBYXiYoHqe6SYhxe5urXC9XuTvFZbuxr6"
    "xR5aqQ/WCLaBtRRDsT11eiJaTj/qo1BVlOaxw3raEtxEJib5yQAXMW6AEqTM+mb5CwqagL"
    "m6In9kN3AT8t0BB7YQ1qKrbRBwG3SgloplPt46Fk3xV7rK1T1nKdsoo6fHJoCpivSNCLhQ"
    "zMzdvdXDx5ye7udne3u/vq3T0MtFZs60kEdvl+PkiarNzH78PIef8ezTGcLuEJ41WgikY+"
    "m6DopnN/gK6Z3I0HwooGYzeSAjOYPIn/B0JxKO7nTXeuNKSj1nA/6lFhTsf5AdqWtK2x22"
    "KNXVmaZN3qX0ph84pUtWJVS+zWqXBcEDQP8OZL70rQNIuupWVMxLiFymu2iks5+rtZz6NO"
    "FZfUzq6xeWelrCGRrxAZ6lRrgWqtsxSoFdZZSm+1BlqVgZadVmobTbEiWGDrAet00PjNpc"
    "4qrOBicm25OZxL661LcMvTFKXXN+qAo/mYSYuUD7HHgXOWpzXeg0J835MnMx4g2GbFLThw"
    "kY/BhuWBmHcK67iVJ2hT36kjhcstY3hR7XLYGSHjmO/T4xoa7OlxqQILt6qtY3tM9Dobcp"
    "f011ocuDVbyr84c80W6/mwno/n1v866vmIi1yotb64/kWlupc0Wu3/kJoVop70PIjvV8wx"
    "jgaMPUJc3z2bi5G/fwMnaP/IqQMnbX+aBTPsgtoVzBny2VwRzdhIrxCleO+TCXuSa7xoD5"
    "1JWRRAV0I7hKjG+Zi6kdMEnCvQKD7F8E78LPoSCiJe8GUExUL8KNsvAxvn8I+49dWLrII4"
    "BpMTwtE+5eELvkAOI9KRg4ZjiH58K14l9V7hueQP4g8rd9jIlvIufF5FX816IY/WUdOio8"
    "ajw0ddV0FaxjwGuxW3DOX9EX5iflTKIBfTW1XoPydpa/xr1PgPyyvoq99pOQOV7x1RtmvZ"
    "WMtdVHeQs5L2GIcuj7K1pMs3L4MtaXuMg2GjrvjYi2XPwYjQJFDSMpZBsYk2WySkEpvXMl"
    "JVjFT6C13t6LUs3+6zfHGt0XKyL1WNdCXn1/dTjVdyf8COMY+gSAioOYymmPrw05SwqSuE"
    "Yocs5kCKuZgHb+FnYNpkwhFiU+KFWcMcEpd8Ni/yga09SXKEwvgfU2GMevdvpMcYcwS1YF"
    "HAeoj54ndh+jpoxPzeMq1KPCykDKMO5RmkEWFIhnRKoQNPvo9LsC+eK96UBj2g/r7CdQ/h"
    "USDuRkyieMu3qZ5C2hAnf7DkGGlIHGKPz4mOvzrsMprD4msOOQ4Jk3Rbgxs7eenyZpZO7A"
    "qdCDNfN5UuLWNcMMFZHTLxrJxLPCtQieJD02NrmZI5NICpParF1B5VMLVHRaY2WV7q4psI"
    "mJj43/jZw0+qAt3l4EbNLbQ1oE2UBX0Pw1LO+hd0/AuxBlIAfIV/ISVnIDm1u2RUkYOMVd"
    "p1Rjkraj0MXR5n62Eo37d2k2u2HobvcdTreBjyjEJdfiAvZ6nxvO2UpnPqopoRspBWextC"
    "sCw1vooaz0yq1f6G5Mu2yK5CNr8IdsnzEB7epXA4JKd6lfsZkrPD6iSQjSAuVzLfCe0+m7"
    "oMy4DfuzHjRNLwnBCEUVRgPcz3ooG8Cnw6dKLKHWu289U0/L/3lvBm/HQpzRZEyDeoAxye"
    "GR31EsEczaj4Q9iTjQWI8pc/LDvfFXb+UfypOuxb3N5A+u2sDi1fzspb1riK2jysQ20ell"
    "Obh3l4pzNfTHUtgFMiFuIaEMOGoV2pKSNkIMyHJyc1cBatSoGW97JIT+iEhChpIJ0RMhDp"
    "V4dVFbyXM/p1xZR+XViV6b9If7BQn0FZUUg9K7e6oPouoL3FmuqpGurUCRSVBUqBT9qvhX"
    "nH6PEI8sNXx6+Pz45OjxOkkytVABfBHAs7dKywUEvRXApYOItwOjM/PNOXE/EkR7FEfBRG"
    "Vwm0KuEcyCOQ3j2YKzD8cPPzu6sL9PnLxfvL28ub6yyxK29mPaZfLs6vCvWnZr5uuZG0jH"
    "lRLK3kG1p3Vjn6u+nYsO6s73HUO54w07GF1YQEj25Cun5+h3gBdP3z1VWVT0B1gnljh5fv"
    "4GJVBrreyZr6aRtPxOc4ellV0sbyfm9Fyka2ZQ2PikN9MpSlRwLIbMDowWez6QG6DLisc0"
    "LDbAbg3tFM5iHMx3Q4jv0fHGGfiL9oMoCIK3lw3ITALzyqZqJytGzlmav9L9Y/Yv0jHVh0"
    "2g5PDmjgalGeiYC1+WrZfOk304A5J2Ye2K2UpA/3Dt1Up6xUI1AbnesEqZJ9Tn7XID3TIt"
    "tj7l+2BXDDpGeooPTl4egaoObFLLAFT8eY9YcY+GA9FSIvtz1VYu/TBaS5tKWhtRpuEaNG"
    "HBr0qTfSOoBFKbxF3M8/fLq83mnYseP0I1NnHeBz4hZ6DeinVEu5y4lZqGtADaZrND3Fsk"
    "z6YwpV+BV6XmVWZUUvNsdSI8eSu0wACQcOlPppy+M4VLJWdyl4winH0ynB8NA1UC4Tt0EH"
    "Ragp7xNv6C+mgeoYm1Vp2hlRu4roZGoPA/pEg8U6abxZUQN9o7vrCy26wMNKBn04h1bTJV"
    "qUtI7R3FY8ZnNPk47JyNgdQaHfSIA2WJ+UHdhiA11epGx0VvnntZtxOjY663sc9TrRWfEX"
    "O1ho6iMFQauOVMZpLfEqomyDtTLBWoWptUHEloAiiv9ZP1grHVp0Bf3t4BJWGrOVMf89oa"
    "Mps5E00LqUnZgKUalfQQeiT7ITcyEK4882xUj2YipIU+ptCNDn0GdiIjh8OCbOzCXgh2ti"
    "Lt3G/Rk4qbYVcxtufCsCb5PdsV70bd9N2teIwZ0z3wkLj+AokhVNZwGC4E6U7jU6/RBqnM"
    "895FIeqKJrN+xNecBgfC5APsI4/DPzBw7awNquBNYm07Cu3zoRMDC09qReOGJFNKLN9jOd"
    "WajDJ2UWek1uoShqK+/ZY5O2yNbYE37qEDUrT/gpWw8agDaf72UoxIqlsEslDSOyR2EWLG"
    "mgcluALtvU0P+HogM4DOjV4RnyseewCRrQgIdKvMCDJwcZjTGHYoO/MerFaXOQQTfwGXaG"
    "WG0PNNy7Zl3D/DBDW1vQcNftCphTOmZF3N64Y4aO6tSDOyqvB3dUqAcnPg4qBmINmyIraS"
    "MRuuOcLNoQMImEkqET7pkWsQE9xYAegY12flVGxgYo5yH1yRNb76SdrKRdi7q8FlkWq/yD"
    "MpfFslFRpo16ragoy122yV3aoLMmka0KOrOcW5ucm3pOb4837uYU3kJ8X5uUZhScpTymJQ"
    "7bqjqnJWlTg9KcimkWhhhkgw7gtPM52r93ySgQCsS9fMcXkmUkIyDF0CfsP4YVvsRzxPoY"
    "EFnhi4ntGPmUKwuKtfw0ZUhEfgWSjhUbCdFVxtJnekWw4va2Lkid1H1wGaxlS2QEDTQldt"
    "d0KFqM0SqqO8QpMcsDdXl8fTJhT2uyfWlJO8pdHuUR9bVru2VktkeTv2prK2yYJn+Oankd"
    "+0IaL41CXPokD3HXw7UgZ506RacO1kU1LWIBVQK6zqaJ7Y65CztmwMTfsO6CpBa2S37xM5"
    "JIrbE4FeQsuFXg6i9UeVm7WnV5taJcjJVAlSvGeVWds5SgrXKmUeVMQAf5c+uUllvKbRHx"
    "mOzdWcA58daholJidhHr8iI28+R+I2vC6WkDCkmrDyjq0c/ATznzAqpID63+iHKi9kPq8o"
    "eE/eGYPmlbLXkx+wkVP6Ep9dbzeWUE7efT5c/HYwEd0WFU04E86SXTq6W3WQv+6mqvra+p"
    "TXey4+OR4rO6I9/KaN9YwIRTlKo+oIt/3GW+nRjE/U/n/3iR+X6ubq5/ipunQH9/dfNOhX"
    "Z//Xhglbxd1rq8rNmI//J1bTdjv23E//c46nUi/kXLdQLSc2I2HD0X6G/zKNqE19aAsckT"
    "W4a4neQJW26n8XI78c60PVi7uYOtRDW3hXcqF+U8CPBwPCHy5Qv5KKm7vaqcFJxtVyMvZU"
    "RdEuaJRAVYe/AblMOZunhIoCAmpIX8xAiUxSGyQmbcFM6lDxF00Ij5CGrmLJinzEhp7TnK"
    "XJTJsvqr2Amo/HPzqSiVVXl64Bv7PSvfW79QD3yuqadNiEOxLf5jSiqN1X1b1X01z3nadl"
    "TmLnlo4rWsAOftBLtuKaZpOZOAPTp8fZpgCr9UwXn76fzqqojpI9U7Zztub2A94YadHkM8"
    "VU/WcrdHSsQ6PvQdH3P8BGnAkyLkf7m9uVZDnpbJE6F0GKD/yErqRmEPYFRjn4c5t8lBB3"
    "nsn6hQfVhknWmEzGXkbJCiRsxcooVr6GtpGauoFQCVVpc2pGkpC2o1VZmybDfkesw7IaWX"
    "43uyM2s1kSY/7kaQjfoxFtflIqhbojq74W142s+SFvu76MwgxFs96yeHWiXdGONah3LsP8"
    "WNV/KOd1Bqm7MJGTBngdhUjJqDMIIOfgRdBi17LZKJusJKhjDLlCpr1WQou5iRt4ydCYwd"
    "zJW1Aj8yggbGfexunIci1Hu5MmmGeuQFrVJqwxG2qONn96YNldGs63A34V3t2c1/sTYQYU"
    "uBCM/jLf8QeoNjE1ahwuZaVKqwkW+5n7Kt67jOY+90dLRkVHMx7agW6uaEE/eJcITdEsf4"
    "mr3UPpUy5c2uVHBTxrLVcU3Qca1X2nqld8IrbZMv1pmqO2eOWe+ANcS6CGeFIWZthMaDla"
    "3/qln/1fPYXxWGVy2LS8vSuvGIeD4U2xcGUSR5gO6FSnUfRgZ7HEKLOXWIDChOa6+yeD2E"
    "EssC9sx3iF80wpp+wFfvq/dZ9MHRHLuPaD+nTveQ6PnFAbpmaAqW3wQvZEgzGpCwA/EWgw"
    "Wizhv0OVyubv92heZs5jphh/A46iA5e8UvPps9jL96MipaukQE2uQHHv8lHO3zKSHOwUQ8"
    "+SscDuBiT3wvYsrh6de9F/Ur+ksbsidsRU7Eo0NL06VAuqSNx5yRaYZBKJ8E/xzvmBVozZ"
    "SmzBQb6JkEer46rRHp+SpvbCxDPeFWrhwj+aZV3yJub6M81yhvQQJMXUXoRXmQZ0rExniu"
    "H+Ppk6m7EJuspsWWE7Op57m1Yywr3PmM6Tp6i5IW23xIpwcP5v04564Ib2V0slLeRilrRC"
    "kXNWwNHUQpbMKemdVHTo9r6COnx6X6CNwqlLMIALkx5mMtwHNyFuvVWFPeH1NHWNmaa0tG"
    "zq4pOtWCqasMLqmEeylksdbAmjh0PedWRtCWj+uyaysOIFmjVGBG0o5yl0eZfJtS0d06n3"
    "JG0o5yl0fZRiN8F8PcodqP9mNu72O2MXDtxsCBH1AT2IyQ5dtsYcLG4ybWKky49GlvJ9qn"
    "m9N3JbaZr1e7gp4qx6WxHGCDZrTSuhwxxfTUgaqYE2EiXLHLYTOsIpA+hZ2ZipVPnihvDK"
    "wvUW/mooWHDUytL1E3psLE8VNJPVodlG6hF8OXKj4cE2fmgjG54Zy6jXuqj9iOKCAZwEbM"
    "ddlc6HaboXUn/f4fZWcmzS2tkN+06gvHm5VDeuOROyb+qb0R3CYdGjgHp1TlqNSG6jOtsw"
    "HsCkDrxY/H2lV5GHlK/1oZTd6fpBqvjCr/ZcyWxahRrDT24oxb6qMhm4k/+60Mt5ZFqjmU"
    "rIbfIPoQYZ/Ev0e9/ACx4jJQrhhj3v7jbEawzQi2GcE2I9iAUHubKmpTRbsIp00Vtami3Q"
    "S286miCTdYruun6cPVyr6fbl1D25fVdWL9m2PqoAHULScIewhC7eKzZ2gwjpM8IZI3PIyG"
    "BvXPumn3UQotv6YO30uHFFqF3gSF3mbNbS9rrjNxvB3dooyIF7KGh61gb9U6DbUuYvrLlb"
    "qlK2C1Srf0Q9SpIE7QnPkOR2yUPlRwxFwn0puGbDLFPoVyivth133YAA+mixcH6FzgTR8e"
    "iB+pWhwUL6mRZRlWKVHQ8bb6dCgnAg+c0Ac/qjniOHBKotAzR2ICcygbif0gfBeoAPJG/P"
    "+ny+uoQgiD2iKgZwrxiXhjL1VWpIc+3t2ewDXxi9inauqYWirgO/pQyoIpl0wFCRZ9HJtp"
    "f+0zYH86PDw6en348uj07OT49euTs5cJFVa8VcWJvbv8CWixzEYY82SW4LUE744TvDbJ4r"
    "tQp2Ev0rFP4/ZGlMzZtoHaNdvlWffjBi0XHf26hpUTR4i0b+N0YQCat3A2slog6EZhq0Sx"
    "OOUWShTzo1MVXojAuUTRIedp9aq3ZHVluT559HkPzbyAuuh+mSt6j/bh9d9Ed0JieOaFHb"
    "+oqiW/lWdrMtEqBVP2tikdnTtbPZVra0luE0ju5SzRVBUzglZT7LSmaHPrv4dRtvxEq/xE"
    "tOANFprY5uVsUq61rFqA1OY5dyHPOfnYG8DZ7FTn/LKone1s+YFd4weS1EwFSZBO2yxnCv"
    "x0q9V0gYfIhP1Gc6e/TWcBuOQSx+JbxMFkx65owKYukYcOxJfCDlJOSPEGYwQHISsogvaf"
    "p0xDSc12KS4b2jOXq78+w+z4ZOCzmJfXUk0EjHAH2CqqWaiTKztb2dM6MdcZgJ0jLbpm/X"
    "V3aG0yUkfMaRti2ayBYc8NN+Tc8ExRGYWNly86U27nhUVuGjkx/JGQqcz1x/IYHQjjDCsC"
    "sLlX/8Twlb1U1geI/5Ba9lgvo8E06Lu1FQcMs/msimxVZKsiWxW5eyqyVeNsvn7HrY5nUp"
    "HzlQRVarKi2mCFqpxUOdxEXYbEKDEbIZcJahBz5IpZ4fcQ+SZ6gaOXxYx6E8Y7ykPPole7"
    "dNAEPxLIkfLJVOgUaIz9iSturlSt23lidZmulccplynk8IY25tEYvbkbh/51bXXd0ql/Rb"
    "DLT8ZNiWx0Mm7XoK6AtpWjceP1qwB9tZmYErM2YqdtRKHzBQrdsHwZSwS2t3Ttfb64/nB5"
    "/VNbm0V2/TqrsXydla5eZ/nFi/i+6oCA8qUrEbBHeq+/blmGq3y2Q5HtG89d7CVVlHdhNY"
    "sm9K6cHmZHva09rFD526YvmBxmvzsbmSWRLYncHUibJZFtJsjWMkGeg6/v5iK7CV2/XiJI"
    "g3y9rC32mXFalriQa9Gr5OrDSmXTdOOVTP2f2Vzc8iPCHDqIKo+NMUfRkT1OmCYAdcpkz1"
    "F8CnLZQ5GIb6LDDYqYJX0WP43bCXbd0pJPGcFmCj91oarZ0eHr06TiE/xSVezp9tP51dXq"
    "UmXpGZaLVq8oF5eWMqmw1hbqxhXUmOdZrjJHbykWq/zRXOVLVSBb9kfLprXO/Anbg3cu7O"
    "ANGizQ3BfTynsIK6b00IDAL9EhPXEhlR5ifiQdvuQBuqc8er5ofx8+9Q2sQgtZ9ruwrm35"
    "+V89j/Vk7lamf+RA9XGPBWg4xl7s7YThhVehASfuaLWr0mcsKHgnrQexKx7E9MxQrLErMo"
    "IyoltMCopHxeYEmUcM7i4RWOR/YfHTpFVSIpZWsSyVZak6ZuJrsVRS+dkcUvPjHFOrXpeC"
    "HD+Lj4fA0KiKQcb3Kq2PabpVjVjGKEtnLiyAOeayAiNinks9coDALKA8+lUo5nP4DfRzHo"
    "gZJSyEqc+GYqoQKAjvulHBBVDJVTGMLT0JqtCHMzrg8jDSCfVmAeEH6GaEOJsQWU+SenAq"
    "k8AIeYSCHJqwJ1Ia+VjXfOjOBtGFoinNmwqDGVcd177CSoilbNUADQtB4JZ8JPqQZ0Qt7h"
    "q44zleiHd/omJ9K+JeHiWVl9t+lGeKmRjMqBtQjx/A856DkWgn9jPAwYz31aeZVQcIpsRM"
    "ONQsGyD46uXLGiGColVpkKC8pwRbuxpPXs48uI8Oa6B9dFgKNtxSY712cVtlB7bGbZepIR"
    "fzoM8J8dYY7rysHekujzQU+nsiawxzRtCOcZfH2PL55Zvnbgb62vDu73HUy8K7N4qKWEWx"
    "a5byXZdg7wIl1XBBqI3I3XPiU/WZpNGdXhWxi5dtVtG65SA1fILm93J85obnC5ZTnBAcqw"
    "w2K7d3UyIG5k4fnpzUMHZFq1JrV97LUWzio9JAOGpuILqtEDc2OX2rBOWzxkv+8f8B8CkZ"
)
