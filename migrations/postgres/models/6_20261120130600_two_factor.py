"""Second factors of sign-in, recovery codes, and sign-ins that wait for them.

Made by aerich from the models. By hand: the CHECK.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "recovery_code" (
    "code_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_recovery_co_user_id_c9ef0f" ON "recovery_code" ("user_id");
        CREATE TABLE "sign_in_challenge" (
    "id" UUID NOT NULL PRIMARY KEY,
    "secret_hash" VARCHAR(64) NOT NULL,
    "installation_id" VARCHAR(128) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "platform" VARCHAR(16) NOT NULL,
    "attempts" SMALLINT NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "ck_sign_in_challenge_attempts" CHECK ("attempts" >= 0)
);
CREATE INDEX "idx_sign_in_cha_user_id_a5d547" ON "sign_in_challenge" ("user_id");
CREATE INDEX "idx_sign_in_cha_expires_b7283d" ON "sign_in_challenge" ("expires_at");
        CREATE TABLE "two_factor" (
    "sealed_secret" VARCHAR(255) NOT NULL,
    "last_step" BIGINT NOT NULL,
    "confirmed_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" UUID NOT NULL PRIMARY KEY REFERENCES "user_account" ("id") ON DELETE CASCADE
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "recovery_code";
        DROP TABLE "two_factor";
        DROP TABLE "sign_in_challenge";"""


MODELS_STATE = (
    "eJztXWtz2zbW/isYfam9o2gS35JN3tkZO3Fbd31JY+dtZ5sOBZGQhJoiVIKyoun2vy8OeB"
    "EvIEVKokwx+NDGJnFA+gEInPOcC/7qTJhFbN77iQ06b9FfHQdPiPghfrmLOng6XV6ECx4e"
    "2LLdH0GDAfdcbHri0hDbnIhLFuGmS6ceZQ40vGcT4o2pM0IeQwOCLOaQHuq7M8fAXh9Rju"
    "Zj4iCM5sx9JC6a4AU6wCNMnUPk4UeCqPdW3LUJ5gRN2BPh4gpiTg99ED0hl805GrEevIzF"
    "TPE24lE7fu7MoX/OiOGxkXgiccXTf/tdXKaORb4SHv46fTSGlNhWAm5qQQfyuuEtpvLa58"
    "9XH76XLeFvGhgms2cTZ9l6uvDGzImaz2bU6oEM3BsRh7jYI1ZsQJyZbQfDFl7y31hc8NwZ"
    "iV7VWl6wyBDPbBjWzv8NZ44Jo4nkk+B/J/8KXi3WzDBu7x6M+8sHw+hkZgG8QmqAgksmc2"
    "AGUccDoP762+93CYi82oEHvP/x/NPB8dmhhIBxb+TKmxKuzt9SEHvYF5WgL1GW/2Zwfj/G"
    "rhrnsH0KafGi62AcXliCvPxUQvhCgGqAtDPBXw2bOCNvLH49OymA+P/PP0mUz04kykx82f"
    "7XfhvcOZK3AOwluFO8sBlWzOOf7u9u1fjGRFIQW9T00H+RTbm3h1AXQAtgQM8Tzv+045Ae"
    "3Jz/mkb7/fXdRXqaQwcXKeiDheeRLKrM7qTUWnM8WCWagntyih+dnpaY46JV7iSX95JQ+/"
    "tGFuYPAiSPToga6qVUep4HYr3wh3bN9oerm8v7h/Obj4kp/+H84RLuHMmri9TVg7PUeESd"
    "oF+uHn5E8Cv6z93tZfrLiNo9/KcD74RnHjMcNjewFcckvBxeSgwv9jwymXo8O8D3E2zbV4"
    "6nHuC4XGqIBUx1DerLur6jEbzBi+Oj12dvxF35gvDL64Khvr85v76+un1IfS9SbzKqqTdx"
    "mQ2UnIYtTpuoNDE8MfcM4rrMrbLUJ6Xat9SfvnxZYqkXrXKXenkvCbVFsLXGWh8T28Ji3z"
    "DY27TWmy4B3NcY4qSk3tIbN8xgZw8fYzYgXBhg83GOXcvI3GFHLK9t9tbkaJK+gh08koME"
    "aMJ7BuzJNRtdTpk57iiYlehet4hesdnIIFGzlSTLnc9IAGHhYsdiE/FGkwFxkSvm35xYId"
    "cBf95sCuSHANpjLrG6iDPkjbGHHIYIdm0qpMyZy5kLzUaMWQg7CzQRjbMkyw6fu2WSpVit"
    "U+ogayp0qymWOrfLTTW6fFLlCdszBatyQUe5sEYiu1OV68f2n0dHx8evj14en705PXn9+v"
    "TNywjp7K0i3C+ufgDUEwumPwwNWtaeiOPlLWvyXuGyRqImpZa0gL+FVWIsOhXTwxKfz5gg"
    "5tgLn4I1xcIhxgNhVzRntlg0Bmzm9dCDaPVIFrCWHEyx61Hot4vEJiN/OlSvZXU/cPUi9h"
    "uo5QRPQjMoEO/8nru6RU0qfYpxqfasczv4FouWxGjcq+43CcE2LY7boBI8PKo2twOBNuG4"
    "k4m9hDyxBpWlb5IL1xadVM01iioQOI/i7atQN2H7FvqgTsqQNif5nM1JhrLRPqhn80GNqW"
    "URxxi6bFIF/pTYRkOwP1xZLSOg+ax1hkLzWZUMv4+Rhqo2/j7GNdhiXiuh7K42BMGwIo6F"
    "2BARbI7hX7DIXp2hqCPeQ32h9BkDMmQukcE90ERc8m05uNlHLpna2ATqSbSSDbj4M5C086"
    "ysPbjD527AbTXJ5GiCBVgH0zUmKtWiyAIJJbQJsrYJoq2+54A8WMoqIx+T0wOw9gAMbaby"
    "7xdhH4lo2PeRUr8h4C7jYzpV6VWxu4Va1STZbqVKde4ggThxn7AtfkDzMRX6DUZT0QdzEC"
    "eEi9/E0DyJCxiEvuPIZ3e6aMC8MehFXEia9swi1juh4bz4g1EHuHMmlBoh7TBQZLJK1U6f"
    "XIZtn3HiAmWVz6/rEO1dhGhrxnHrjGM4tSsAGhPRcGY4xuZYWs3Yprfh3AEC0FjPhZkRbR"
    "O2u1b92ZqDkBJcawgaxt9+c0rouWmymeN9IDbJY/jSTQrVUew3FiMTa11GKQ0EffIMyDSZ"
    "uSemDgf2TFwYEND0/AvooM89sbRK/rp/iJiL5piLq/5teVEGbziSc3OJyVzJ5lFPqZfu9O"
    "EbMH7N2dafle+rRw2dEM7FR6LIA8n31MZlWuitfXVWwlv7Ku0ZWXpr4VYql4qIP5Ov57JK"
    "y2qnVeOcVolAEnNMrJkthmuoYraKxzojrAe72YMd7YiVRzohqdNnmjzKkYZTdZATgnqMmz"
    "bGGxkjSfU0OzPuHPLAxP/kzLgSuGHHVHmLAnPjc9DJPmqky6vL57t4HmnycW1c/OXSSPI1"
    "zPP79+cfLjt/b8+y+0CeqEk6CoMuuNMtsuOsZZtS4foUxlUMjmSiha2Dg2D5Hur7aUF9dP"
    "Cq13t19PoQ7CnqceQ/AlELvAFgKd3TkYNtNHWZx8TSoQ7Tr+tBCqvst2hCxx8qPQZdtLzp"
    "P9b3IrSu7ouYIT0T8rBMm5mPPYfMxd+/Z/6FYIAyoBdTt0upNnGL2+Bt019DBth8e1kh2k"
    "az+ehNGbv56E2+4Qz3kqjrQkZLfEul/r8qSP1/lU39n4pZKWxNRSRzPsZxmTbivHX6Rxal"
    "4ISsU1AnLasZgcbZETo0vdxXJv5A686xF4HytSfDHuiJhaM+m1prjnpSUo96U0Zd8bEHb9"
    "9Ev1RzF/AVBkyGgllFq3wvrDJhx/6bLGomVpoB6ZaplRyoOeEckjuycF8Ekt//+xPx7Zd8"
    "pO/9XloE9t91xiD4fNQ1dR47uWyVvNtdzVgZdthwddABcsg8JIek53+OgS7ynf/QD7HQYI"
    "F+/oRM8bgeuidCMwnKP/iVbBDmaIz5mPB3qE++Tqn4psMSw0BHDKCAsNy3MlzWzp9eqv6E"
    "P3EjimvZaVuCZNvAZ/3pGjDsVQzVmEgL7dTtFzbm8mOrDHNKTENdAmrNJmo2UbOJaZk24r"
    "x1NpFOwUYVG2elmL2kVPsK456UKYF+kl8B/SRTAF2ssl6l1SIS2N007vxyfvVwdftDXapc"
    "3XN56rInCso3vEQG6gfyNS/DJCXXhvlcxIxd/vqQIMUyVVQiYuz67vaHsHm6tEoS+5iZk0"
    "F+RVxTQrKFpOX+kpTaI9F+brqMRyLGaWRGvSC9NCGlTyQoJKj5ku/ckKMuz5w2E9eVLHVy"
    "XlUlqutkYSFMUyxe78VvHQUNG7/dLeJhmUMMWAUNM2xaqswTHKxm0yci2U4Z2OcgahHHo0"
    "MoD35AXkwwtSHZ6rL36uykixxhKWGbcmId+hV4pSD1OLGHwIAuOVIMxXnFj0DLqGs97fLh"
    "ZXjYkrxr+IKVrJ+E1Hb08+ct/lTXAVD5BCwMdmVuMCHUQvN++8ygPpips93ATS4+/XUydJ"
    "ZiLVR990TVLZefow3Ztg5zQ+oFfHTpEzYX98TzBNpcpSmmmxRqi1O/scHjrVcqjL+Avzwq"
    "HWWDW1yWfuJQRkoobxayWA/dMv+AGkj5COYTB+WuHzw0fNN+FxQ1KNBJnoi7GDBrgUT/Q+"
    "pyRbmAHT9bVwtophM+ikauogMmhFqoA26fFmeOTYVBCQ6FWSUvT0ZQw13OCzGkNjGmY+ax"
    "Sr7LtKCGuwTcA1oJ5KC5hrZUoRFsGS4xCVVakBeM2QQ7apwzsinEB0J4DyEvgPji7u46of"
    "1eXKX9Zp9vLi7FGMghEI2oT1oqyoktpuIlDPE3UhN7zK0KvlJeD0D5AZiPmWFixwhqE1VZ"
    "YBSierEpsdiEuAkbTmjqxshls2klbSW3Aw1/BfhNbNvroB7KabBLgG1RbjJhq8KfbwwWoP"
    "E5qqLxRWt8bh96nS+/zqdBJOCj2nAgoj70QJQfCJ3zmL8Y7WdciYKFjbKgdJ2kzT/IJtVJ"
    "+kTkCrjIC3xI3O8Wcdlu0LJC5MO5Hzgg879gwOUBB9FZUWL6jcFbL+0gxMR06CH4mGRVo2"
    "VYwTLg4B3CaAYlaiGgAbLAJHCKA652+NztnMTQFJd7g0IdtuVwz+e4m+NAaK4eodO6m7QT"
    "7MwP+okMxUCPH9gjURZNT9xfsWvIlmKBDJuWipeTC3B4PmHQB5J9iLU4iDKERuI/q4fOl8"
    "uzySZQyxxgQHjoEX/JH4knEv+EHXlKod+BOlpud4+uLWdZvm3l/SQppTeUdTaUtcwkXTu2"
    "iSaRjj/6RodZJ9Lkr6j7SXjsQSJN00a6NZk0DQV2j1NpQuwVdkFsWPJNgtgsKEMhcTExiP"
    "WCOkE5oR66FCNnhZq0XzLokUw9GY5I3aTOztFkxj0oOgT81ciBpBY0h9OLXAKKl4o82sET"
    "q9BG4jqB50udH2yAoBaULmP03EtdkTGgqzfspnqD/ErEQuUotLV8nJNS7cN5i4liqaDgNY"
    "3ctGwLleM9UYa1qauHORrmUK+oOsgxOc1ZNXyEDWG0c5XVlb89JqXatz0eH5XYHY+PcjdH"
    "uJXcGzVplA99e0kjHRvVtlHPi41KhCZG9ndm0PNN6oSQJgpVVpyOxdCxGE2OxciuAVsAdX"
    "lcYUthTSx8659dADXjNzy4IFlrf7/01zy0k8lpkn/eDKR0aE9LZmWtRzzAiZtXjjCnbLAw"
    "SEflGUk16RZ6SERjgzqGmWhe0lfyQh4DGp24AFGv8C8nAhNLiJoec7uykoNfvcE/PdSDwF"
    "bRNs8fsoVeK4XKasdGUx0b+vAAfXhAUyDXhwfowwNagfPW81h1dcHOdqsLao/YOnpGw6k9"
    "BaOriShNRNUL6b4mBT3M2ffSzuso7NvlzW6RZevNxQss25Uwaf1KhN/xVNqmb050xb/Yhv"
    "g66o2D/Br3ibjfyUTOd2CAmmzmQHFCJ7JHBf5D6k6I1UOXkOMjc0XnzPXppZTtu8vHf3Gg"
    "2VskdB0CiakEcoyeCMJoTEfCYkZ9v8KeR6Z9XT2x0SYyzArDnyTVjOSUYAt13fpC0+DDUJ"
    "CfdJSr7SbEWqPu/vPo6Pj49dHL47M3pyevX5++eRkpv9lbRarwxdUPoAgnhiGrGUcL2jrB"
    "DylZHUzUZOVYB7nkf3r7Ge6QF+SiS8E0UtffSH+XOCpU9xDffK3dj5Y3pS5bTW/vof4/DK"
    "EL95G/Fvi5M6ApL8+YAQfRhPvepTB1xh9EdGCzudB7TczJO/9wmkOVg6rWZ22gZGvf1I4V"
    "b5ioVen7uEwL1e3TMgz+aT6Bf5rh70PA4FtbB+hQrnUVJrYPdU7Rw4LA7ZwKhy2I2a7Fbp"
    "R4VZ3ICaGtAN2gSVwjzE/EhaPZFJtiYRXPrPAOy3dGV/a2fqesPms4s8mg2lF6abnWTfQy"
    "q/VR/mp9lHVsS8TWnOVZYT3Lq8xyzPmcCROpalxSRlDvnKWWdIvyqY0XRlV1Oy3XQpW7lq"
    "iZHR6m0ujJfFoK3NMCcE+z4I4gobXS7riU2N0E7ny+vf94+f7q+6vLD3XZ5bUfXCO2wCo4"
    "h+13ifL95ad9hdchxOJGeFwVJ95M5REr0kNyetihMhKqhHuriwT1oddwkyQltTNMO8O0M+"
    "z5nWE647vNo6742KuehpFOC91KnuIezoBSSYqJcyQ2TlZMnl7RRrzCqoObIdW+gpnJzTjM"
    "lNwUpmyaZhvhAsJrQ6QgauAX0U1bIRoDMKHLcgtYQTc/Mru1eA0gakCoNwOFK60KVhfQT6"
    "tB2nAytRogcdchMh5lG+rB+6i3NisI4q6HTeUx0NWwgl5aDpLBhhqmQuVcvCv3uH8++JPS"
    "i1kdrU9+r60HjSurEGvAMh9jQICJVsJ64xKTzZevqKu95UWLUcMWFF2dEAjI2BCtGxJGdb"
    "QQpwChMVUdUl4LSnv5EQqrhuONDeYbv5cWTaVKKbQpp4/ycJMQzjDtYTWo536o/YdYly0B"
    "NxGy49InbC7Ax+iJzgomYnnkPvp93se6bCFyySzqTTFLpG63BK01UmMkmZWTHhMSXStSZO"
    "ZhsxL5MdDWz0PBQf6KXytt5lhosHjrHz/Jhn45NT9mCsGbyRprwfWQnuoimbvyAnJXrK7M"
    "Rmcz0bFpCoWUqzJmdvj0L84X585BH32PzP3P16gPT+/LMzShH5MFdarQl877L+JlOYtezS"
    "VD+hVeDSMXOyMSPlvONyREBswbI+KMqEN4XrrOb1Eemhyg31PpO791wnFbfVCzKqOnKMFY"
    "mdOjyCwOvqsineJ5Q2d3mFmcn94TjlPZ4KGwvY4xLBdj2JyiEM3YV3Txm/q36u5+FL9JuH"
    "BytIS4i6dYU5BpcOOwaQltIRQSe+OEDJi1QCOoDDObvkXCUKA2bIqO2A/tBfy0QCZ2/Nox"
    "VGyjIwG3SgnYTqeVy7rKvgv2WJ1fWHN+YUH+rByaDOYrAptCoRbGNO1vDJMidE3v7np317"
    "u7anf3feqKbT1ytufv54Ooycp9vO8HSbh9NMdQFc4RxqtAFQ1dNkHBTavfQ7dM7sYDYUWD"
    "sRtIgRlMnsS/nlAcsvv5tjtXGtJBa7gf9Kgwp8NQkMqWtK6NUWNtDB2vnq9m7Wfkcpl49d"
    "i3WOFzS0rprT+di+mvgmuBqvWpcvpUbKfRKlWRSpWcVqtPrgr3bQ1sKWCtBqqrqbhGhd6a"
    "jXzMV2BTMZdlKSlZt1j6aYIOOJqPmdQhuYkdDiyRrIvcB6W/35U1kHsItll5dBDUWwCtk3"
    "ti3in02VqeUM8ZRPCilQtPJIRax1Vt6zCcfH1WH8iwzobcJP21FGulzZb8L669ZovmKjVX"
    "+dz6X0O5yjADQa31hckJhepe1Gg1Yyk1KyQPfyRIfL9ijnE0YOwRInH6bC5Gvv8Wzqp4wa"
    "kFZ1rczLwZtkHt8uYMuWyuiD/aSq8QV9R3yYQ9yTVetIfOpCzyoCuhHUIc0nxM7YDmBDoU"
    "GoX1gh/Ez6IvoSDiBV/6PBfiR9l+GYo0h/+JW1+cwCoIo6Y4IRwdUO6/4CGyGJHUKzLHEK"
    "/0TrxK7L38E0BG4g/Lp1hlS3kXPq8su7pekJKmVmukVh1qPlY+NTAm074qXbWEJ1FuDPET"
    "c6HwTgbpwqJGKUldWbFCNSM/7aS6+h2Xa6HyvSfKdikba7mLVh3kpKQuWNXkUdaWdP7m1W"
    "JLWhesatmoKz72TIaQNCIqEihxGc2g6ND4HRJSkc2rGakiRir+ha529GqWb/9ZvrAQRD7Z"
    "FysVsZLzM9xY45XcH7BjzCEoEAJqDqMppi78NCVsaguh0CGLOZBicJ7mO/gZmDaZIoDYlD"
    "h+nh+HVAOXzbN8YG1PkhyhMP7HVBijTv+t9BhjjqBQB/JYFzFX/C5MX3kwWHeZCCEe5lOG"
    "QYey2ndAGBKTTil04Mj3sQl2xXPFm1KvC9TfF7juIDyEU3wDJlG85btYTz5tiKM/WHKM1C"
    "cOscPnpIq/2u8ymMPia/Y5DgmTdFuDGzt66fxmmk5sCp0IM79q8ktcpnXBBG/KkIlv8rnE"
    "NxkqUXxo1dhapmQOW8DUHpdiao8LmNrjLFMbLS9l8Y0E2piqu/Uq/08UVwE3aK6hLQFtpC"
    "xU9zAs5bR/oYp/IdRAMoCv8C/E5FpITu0vGZXlIEOVdp1RTopqD0OTx1l7GPL3rf3kmrWH"
    "4Vsc9TIehjSjUJYfSMtpajxtO8XpnLKoJoQ0pMXeBp5z2p+mxpPUeGJSrfY3RF+2RnYVsu"
    "lFsGGeh2UlZbXfIVFpudDrkGxZIqvMogIbGT3rATmP0chls2kPXXlchupSn5AHchfNJJU+"
    "H1NzjMJqtgi7BPmHVhNLVisMygEHAbmqPLOdPHM1k68J+KYQ8I/iT61CsIXtNcNWgmHzqF"
    "ftCNhIoH3key1h0vE3qwBzSqx9YNdycrS/d1T11iWltgJ1q9114O03OPkzi3Fu5d24yOr6"
    "u9tal1/WBbBff/fo1cnrkzfHZydR2d3oSlG13Szp7isohiwzXwHUtJgGNuPNEFrQE/UW61"
    "DdSdEW0mH7S39lWU/f22dAdbWKXE1WcgNlvWE77pYosDGbOxXX+4TMWutSw6Dc9srkA7TB"
    "+qTsQDvkmrxIaYdc/ue1n64Z7ZD7Fke9jEMu/GIHi4r6SEZQqyOF7qMlXrtzdDQT15V+js"
    "zUSjg6xFug28/X10WejsyxflnM9ZF+z3Wk396AVKe/LJhSCk/ZcrLl+8gmyzYlvGPhUV0O"
    "wijuXYO8kzk66Ntk6EEtHPmOh+DMGpAhOGPQDXYffUeVeI5Y+r3gKC+olehSrvSL1fw0Zf"
    "WbtM9QWQRHe8qa4ilzWTVfTth+d56yzs0lBCLXBWuK+S5DfOfz3mna+w9GnbX0+IRgC9X4"
    "/VXbs9ZasIpWHeKYmOZgmjy+Q+pWdl4lZHbnZHlV1yK5ZSrzOdyBDftCtg2pUEzpk0y0qI"
    "ZrRk67BNPQAuVUEdW4iAZUCeg6tcqwTiPahx0TjqAy1l2Q1MJ6yc9+RhKpNRanjJwGtwjc"
    "6gtVWlavVk1erSiPl9WpljIeE9Q54xVyxgV0NuWe6hSjVZAv5XaIeEgD7i3gOpAgf+fYT5"
    "eyDiT4Fke9TCCBX7i7chhBSkwHEaRW0Jhjq2qARlZUp/jq+qy7DHlJeWU3DHpJp5DuJ8Sr"
    "o1+y362u2rqjqq2qDW13sDZzB1uJamoLrxysVW+YjR+VpIyziQKWigJtlo1WRtrcObGE7k"
    "Cyh/qc/NmHbHCLOJwg6sDhVPKk0fiXLiNd5JFPEO3CXCgc20kN09YfAIVuP8pc9Dm2H9FB"
    "aunpItHzYQ/dMjQVrdAEL5AsXjsgfgfiLQYLRK236KO/Mdz/fI3mbGZbfofwOGohOX/FLy"
    "6bjcayzq27kPVyBdrkO77MiD/gU0Ks3kQ8+QtEEtnYkedyuXj6pXNYPvwHGMbfoYDtsmaH"
    "acvCCcGjopOwWhceJJ8E/zvZs5igink7u/Zy7RGJrOsQ1FmHgHxV0BoP4moOKx+0b0NifB"
    "FbcfnrQ4KoCDE8uDn/9TBBVlzf3f4QNo9h/v767iLjsZ3aC7HUV64VlhDTlEKKUsjshBXW"
    "CqVwG+Z2PeeQJ2xhD5Crft57Uk5jvRprXY15144eTm1lBbdCuJdCGusKWBOLruddSQjq6I"
    "Dm+FKyLjSfQFlnkJOSepSbPMraPf5NDHOD/OH6Y67vY9ae2jqt1metb70/n4121u6Bs3bX"
    "lcSbOX03KCT+3F7Fc+JSc9xROBWDO90inyJetlnlUszHdMuFoXMdLcq1U+FnCQZwMz9W45"
    "0s+e4rWAUqls6NibTQ9XJ0elqC1xOtcok9eS9VJ1N8VBUQDpq3EN1aSkAHXHMW4Z/u724L"
    "6WmVeUJND/0XQeD8HqJdAC6AUezqSnu1UroYdHChUsZ2uZn9/T9DtQCD"
)
