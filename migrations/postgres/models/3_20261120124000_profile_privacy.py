"""Gender, privacy settings, usernames given up.

Made by aerich from the models. By hand: CHECKs.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "privacy_settings" (
            "last_seen" VARCHAR(16) NOT NULL,
            "online_status" VARCHAR(16) NOT NULL,
            "profile_photo" VARCHAR(16) NOT NULL,
            "bio" VARCHAR(16) NOT NULL,
            "read_receipts" BOOL NOT NULL,
            "typing_indicators" BOOL NOT NULL,
            "who_can_message" VARCHAR(16) NOT NULL,
            "who_can_add_to_groups" VARCHAR(16) NOT NULL,
            "who_can_call" VARCHAR(16) NOT NULL,
            "discoverable_by_phone" BOOL NOT NULL,
            "discoverable_by_email" BOOL NOT NULL,
            "updated_at" TIMESTAMPTZ NOT NULL,
            "user_id" UUID NOT NULL PRIMARY KEY REFERENCES "user_account" ("id") ON DELETE CASCADE,
            CONSTRAINT "ck_privacy_settings_last_seen" CHECK ("last_seen" IN ('EVERYONE', 'CONTACTS', 'NOBODY')),
            CONSTRAINT "ck_privacy_settings_online_status" CHECK ("online_status" IN ('EVERYONE', 'CONTACTS', 'NOBODY')),
            CONSTRAINT "ck_privacy_settings_profile_photo" CHECK ("profile_photo" IN ('EVERYONE', 'CONTACTS', 'NOBODY')),
            CONSTRAINT "ck_privacy_settings_bio" CHECK ("bio" IN ('EVERYONE', 'CONTACTS', 'NOBODY')),
            CONSTRAINT "ck_privacy_settings_who_can_message" CHECK ("who_can_message" IN ('EVERYONE', 'CONTACTS', 'NOBODY')),
            CONSTRAINT "ck_privacy_settings_who_can_add_to_groups" CHECK ("who_can_add_to_groups" IN ('EVERYONE', 'CONTACTS', 'NOBODY')),
            CONSTRAINT "ck_privacy_settings_who_can_call" CHECK ("who_can_call" IN ('EVERYONE', 'CONTACTS', 'NOBODY'))
        );
        CREATE TABLE "username_hold" (
            "username_key" VARCHAR(50) NOT NULL PRIMARY KEY,
            "until" TIMESTAMPTZ NOT NULL,
            "user_id" UUID NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE
        );
        CREATE INDEX "idx_username_ho_user_id_f8ef9b" ON "username_hold" ("user_id");
        CREATE INDEX "idx_username_ho_until_f03a5f" ON "username_hold" ("until");
        ALTER TABLE "user_account" ADD COLUMN "gender" VARCHAR(16) NOT NULL DEFAULT 'UNSPECIFIED'
            CONSTRAINT "ck_user_account_gender" CHECK ("gender" IN ('FEMALE', 'MALE', 'OTHER', 'UNSPECIFIED'));
        """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "user_account" DROP COLUMN "gender";
        DROP TABLE "privacy_settings";
        DROP TABLE "username_hold";
        """


MODELS_STATE = (
    "eJztXWtz2zbW/isYfVlnx9EkviWbvLMzduK27vqSjZ23nW06EkRCEmqKUAnKiqab/7444E"
    "W8gBQhiQrF4ENTm8QB4efgcvCcg4O/OhNmE4d3f2aDzhv0V8fFEyJ+SD4+RB08nS4fwgMf"
    "DxxZ7o+wwID7HrZ88WiIHU7EI5twy6NTnzIXCt6zCfHH1B0hn6EBQTZzSRf1vZnbw34fUY"
    "7mY+IijObMeyQemuAFOsAjTN1nyMePBFH/jXjrEMwJmrAnwsUTxNwuei9qQh6bczRiXWiM"
    "zSzRGvGpHX935tI/Z6Tns5H4IvHE13/7XTymrk2+EB79On3sDSlx7BTc1IYK5POev5jKZ5"
    "8+Xb3/QZaEv2nQs5gzm7jL0tOFP2ZuXHw2o3YXZODdiLjEwz6xEwpxZ44Tqi16FLRYPPC9"
    "GYmbai8f2GSIZw6otfN/w5lrgTaR/BL8c/LPsGmJYr3e7d1D7/7yodfr5HoBNCGjoPCRxV"
    "zoQdT1Aai/vgb1LgGRTzvwgXc/nX88OD57JiFg3B958qWEq/NVCmIfB6IS9CXK8v85nN+N"
    "safGOSqfQVo0dB2MowdLkJdDJYIvAqgGSDsT/KXnEHfkj8WvZyclEP//+UeJ8tmJRJmJkR"
    "2M9tvwzZF8BWAvwZ3ihcOwoh//fH93q8Y3IZKB2KaWj/6LHMr9PYS6BFoAA2qecP6nk4T0"
    "4Ob81yza767vLrLdHCq4yEAfTjyPZKHTu9NSa/XxcJZoCu7pLn50elqhj4tShZ1cvktDHa"
    "wbeZjfC5B8OiFqqJdS2X4einWjH9rV2x+ubi7vH85vPqS6/Pvzh0t4cySfLjJPD84y+ogr"
    "Qb9cPfyE4Ff0n7vby+zIiMs9/KcDbcIzn/VcNu9hO4lJ9Dh6lFIv9n0ymfo8r+D7CXacK9"
    "dXKzgpl1GxgKkupb6oaxyNoAXPj49enb0Wb2UD4ZdXJaq+vzm/vr66fciMF2k39fTMm6TM"
    "BkZOwyanTUyaBJ6Y+z3ieczTmerTUu2b6k9fvKgw1YtShVO9fJeG2ibYXmOuT4htYbJvGO"
    "xtmustjwDua6g4LWmW9MapGfbZw8fEHhAeDLD1OMee3cu9YUesqGz+1eRokn2CXTySSgI0"
    "oZ0he3LNRpdTZo07CmYlfndYRq84bNQjcbGVJMtdwEgAYeFh12YT0aLJgHjIE/1vTuyI64"
    "A/bzYF8kMA7TOP2IeIM+SPsY9chgj2HCqkrJnHmQfFRozZCLsLNBGF8yTLDr+7ZZKl3KxT"
    "2iBrGnSrKZY6l8tNLbpiUuUJOzMFq3JBR4WwxiK7M5Xrx/YfR0fHx6+OXhyfvT49efXq9P"
    "WLGOn8qzLcL65+BNRTE2aghgZNa0/E9YumNfmudFojcZFKU1rI38IsMRaViu5hi+EzJoi5"
    "ziKgYC0xcQh9IOyJ4swRk8aAzfwuehClHskC5pKDKfZ8CvUeIrHIyJ+eqeeyuj+4ehL7Dc"
    "xygifRNigU7/xeOLvFRbSGYlKqPfPcDsZi2ZQY6113vUkJtmly3AaV4OORXt8OBdqE4046"
    "9hLy1BxUlb5JT1xbdFI1d1OkQeA8itbrUDdR+Rb6oE6qkDYnxZzNSY6yMT6ob+aDGlPbJm"
    "5v6LGJDvwZsY1UsD9cWS0aMHzWOqowfJbWxu9DbKGqN38fkhZsOa+VMnZXbwRhY0VcG7Eh"
    "Itgaw/9hR/byDMUV8S7qC6OvNyBD5hEZ3ANFxKNgLwcv+8gjUwdbQD2JUrIAF38Gkvs8O7"
    "8f3OF3N+C2mrTlaMIOsA6ma0xUpkXZDiSSMFuQtbcgZtf3LSAPpzJt5BNyRgFrK2DoMJV/"
    "vwz7WMTAvo+U+g0Bdxkf06nKrkq8LbWqJulyK02qcxcJxIn3hB3xA5qPqbBvMJqKOpiLOC"
    "Fc/CZU8yQeYBD6G0cBu3OIBswfg13EhaTlzGxivxUWzvM/GHWBO2fCqBHSLgNDJm9U7fTL"
    "Vdj2GSceUFbF/LoJ0d5FiLZhHLfOOEZdWwPQhIiBM8cxNmen1YxlehvOHSAAe+u5MHOibc"
    "J216Y/W1MJGcG1VNAw/va7M0LfkydqEZUBGr4pNT7tZZlKQR1UgC2mS2ndAamGw5CKLuoH"
    "wWN9dPCy23159OoZEGrU5yj4BKI22IxAoN3TkSssyKnHfCb6ojqYo64PKczKwI7syD67/K"
    "i0Kw/R8mXw2cDWbN3pQNFDuhZE61kOsx67LpmLv3/PrNBQQZoL/FKqTSvQNlb37GjIAVvs"
    "/1aIttAV/vLodQVfuChV6AyX79Kom+OuS3wrHRB5WXJA5GX+gMhU9Moh8xT+7mKMkzJtxP"
    "msCsxZ92kC5bMsyPLoEidknWOXWVnj2W6cZ9sEMFQbZeIPtO9cZxEaX3ui9tBOLNX6bGqv"
    "qfW0pNF6U7SuGOxh6w0pucUNTI41SKObh/YHsSsT+9h/kYUE+Aosa9dSmXzhtv9TWM1+Qr"
    "p8upyJPDyP99fJDiX+dvEXEz+w3s7v352/v+x8LaZhEg4LwjmEACnoslDyh399JMH+pRjp"
    "+6CWFoH9tU6m6s4lD2JKfyd+6yjoquTrwzLOirmkB2uDaL5dkbp6kKeACHLoE0EgJiklF1"
    "GbuD4dwvHFA/J8gqmDmIcuuy/PTg6RKyx+7FBO7GfBCSEpSH1OnCFwTsFZSITB6/lIFuLH"
    "MeZjdSzaLj9exXNKvkypmJhgFS5znkYN1Nr7p6S2s136tsFpdSWoKaayQNk9UKgO8CmhFm"
    "5Tt5/9yiSO6WyXMuRi6K+xJ0iItXBDsL8bgPy+L7FuaOo4LWnU3Dg1N8Sf+cGjT9ha3BPf"
    "F2hzlaWYLVJqLU6Dwj2eLL3SYPwFTgDEoW1ij8GRDE3jEOYmjDcb2ayLblmQQAOcjWF/4m"
    "Dc9cOPRi3tH4KhBgcIyBPxFgNmL5Cof0g97uftxR1/e4PzC83hA76pgViPOzPmwXVswJRQ"
    "C23A7bsqmOtQsaHkPvZnCkOwGOqcoIG7AtxTjw2pQ3rTMfOZlg8uK2jgrgD3gGqBHBY30F"
    "aAFmj+nkcsQpU7yAvGHIJdNc452QziAyG8h5CXxdHd3V2nrN+Lq0xU3e2nm4tLoQOpAlGI"
    "BryuItxxMRWN6Im/kVrYZ54u+Ep5o4DqCpiPWc/Cbm9COBdGvM4EoxA1k02FySbCTezhhK"
    "XeG3lsNtWyVgorMPBrwG9hx1kH9UjOgF0BbJtyi4m9Kvz5vcECLD5Xdai1bI4vrMPM89Xn"
    "+SyIBHxUGyoirsMooroiTLRN8WTUrmibjUjYVaEk4GFn4p+aA0mawMVtOYxkI0b7IxmKTj"
    "F+YI9EmYAn9f6wjMv2gpLCgIuKVop8AJ9wnAknrAPJOhBGYSgMFBL/2V10jgQ2toxYsNgE"
    "DmcDDAgPfRIkwBmJL5LgLLfMhxNUoI572N2nK2VnDcrHR3sqRUHI1mo749NSrYuC2JYvvp"
    "j+hp6wzoLHt7naNexw4/4ubsaT/J2q2RwPaJvpWuV4QGKhzWm9JCNISsqEi5eHi/Nl9PGG"
    "EePti2POWvvpnqUbN15nuEuEvWJfkFBL8ZYg0QsqpI5CXHQMYj+nbnhavosuhebsyJIObk"
    "Z4JFNfBpZQL22zczSZcR8u5PWIxUYuhCcHt8R4BAwvRcqoXXxRJ1WUeE7g+9Lmhz1A0Cq9"
    "LYE52l/DVFe2GaBTWHxEeS2fR1qqfRfonVSJRD8pDkQ/yV2UKkeJmKhchbVWcidtSqp9ON"
    "dyJ62M1Fpzk5uVbaFxvCfGsNnqGjXHao7sCl0lJ+QMZ9VwDffEpp2rdl3Fy2Naqn3L4/FR"
    "hdXx+KhwcYRX5lIMQxoZL3fbtF7k5U5f2B3tv3NKL95Sp4QMUWhyB++QdzVpOrYSX5GfA7"
    "YA6jLlaUthTU186+c/CbjVPOA62U+yYSstQbzWFChy0Cuo/mgyKOb5A47Nstis6h3M5+EJ"
    "0i7q/733SBZ9FEz34e3HY5LIMQLnQyc8uPcqItwDRaEDh83hdnfMydsgOYni+uWav7Xl6+"
    "MNVV8jVQ8dVTeHaVKmhSHyp1XSmJ4WZzE9zSUxjQCDsbYO0JFc6+LStg91QdB7Cd1TEOHe"
    "AqanFkeIxEu3I6eEtgJ0gzpxjTA/EQ9Sc6luRCw7xZEX3uHxjfjJ3p7fkKePekX56UvOvG"
    "fkWtfRq8zWR8Wz9VE+u7dEbM1enhc2vVynl2PO50xskXRj5XOCZuWsNKXblE8dvOjpmttZ"
    "uRaa3LVcHbDDZBqN7synlcA9LQH3NA/uCNzgWqvjUmJ3Hbjz6fb+w+W7qx+uLt/XtS+vPX"
    "GJWAJ1cI7K7xLl+8uP+wqvS4jNe1G6Ik782VTTDimoYYfGSGQS7q0tEvDi6/iS05ImHqc5"
    "rmNzuKj9EQMmTuR71HpRnIhGNoSsM3lD52brHMmq43nm+osykICR2BAhcOv+IqppK0RjAC"
    "byKW0BK6jmJ+a0Fq8BuHXF+jNQ+Dp0sLqAeloN0oadqdUAibcukQED8gacDaF6F9cW3bzT"
    "Usx8bCnztOphBbW0HKQeGxqYSmDyiGgr93mQwPdJ6WbSR+tjUGvrQePKw6UGsNxgDBkKUe"
    "qJeFxisvn0FVe1t8RVOWpiPykwmxDwmG+I1g2J3O4txClEaExVWYRrQWkvB2GYpnpjjOJk"
    "1y3pSlox0snLH/J38ahhjVJVrgZXcRlQi0DWjC2XZENBfHlERKyIMZ9HxSoEmEPZIJA7vq"
    "6Iwl1DM9dGg8WbIOsjGwZ3FAVBBwhaJi8xCp9H9MEhksHfzyH42z5EcyqUPRMVW5YwGLgq"
    "5HyHX//sfnbvXPQhoDTv/32N+vD1vkxd6cvbOZ2go6LPnXefRWM5i5vmkSH9Ak3DyMPuiE"
    "Tflv0NCZEB88eIuCPqEl4U7/5bfO5IKuj3XIKbSG/RwRu97DUXdFR426EyKF5xz2E4rpob"
    "KRzcc/iPo6Pj41dHL47PXp+evHp1+vpFfOth/lXZHYgXVz+C4/EwSYhHnsji+PhIT1W971"
    "F5E6RTLUjHHH40hx+/9Sm9De4or/v0WUyxF1gJSQq+3FKQ50jGUdEK1kIkJNbGCZH3EI7w"
    "k1iCp2/QzPWpA4uiK9ZDZwE/LZCFITX0E9x6jfBIwK0yArZTqU4Gud8hTZysu2SNNQd0aj"
    "6gU3IATaomh/mKyIBIqIVBAfsbBKCI/TCru1ndzequWt0Dn6diWY+docXr+SAusnId7wdO"
    "bK+P5lgAh1yxeYWbGoYem6Dwpd2H+4nlajwQu2jY7IZSsA2Ge4iRLwyH/Hq+7cqVG+mwNL"
    "wPa1RspyNXvfZO2hwur/FwuQn4LDaz9jP0r0rAZ2Isagy3tJRZ+rOHmYJZcC1QjT1VzZ5K"
    "rDTGpCozqdLdanXCqGjdNsBWAtZuoLmaiTtT2K35yLRiAzYTE1eVkoKygZ8mrICj+ZhJG5"
    "Jb2OXAEoEvCPXB6O8fIubCDQawzIpXPLjeTFid3Bf9Tnn9QQ1f0CarKt1pAA3VPrmdEmod"
    "V1X/JWcmM/g6C3KT7NdKrJXZthSPuPZuWwxXabjKb23/NZSrjCLE1VZfFDxeau7FhVYzlt"
    "KyQtSVXGF4IxAaMPYIkTh9Nhea77+BW2efc2oLIwvdzPwZdsDs8ucMeWyuiD/aSq0QV9T3"
    "yIQ9yTm+L+/AQlIW+VCVsA4hDmk+pk5IcwIdCoWihJtwy66oSxiIeMGXPs+F+FGWX4Yize"
    "Ef8eqzG+4KoqgpTghHB5QHDXyGbEYk9YqsMcQrvRVNSbRLNEn8CSPxhxVTrLKkfAvDK8+u"
    "rhekZKjVGqlVl1qPuomEkjLtS3NTS3gS5b0hfmIeZK7IIV2aFSQjaVKTaaQDCY4F6JvfSb"
    "kWGt97YmxX2mMtV1FdJaclTcaXJmvZ7KSLF68W76RNxpeWaV0x2HOHr+QmQpNAScoYBsWE"
    "xu+QkIr3vIaRKmOkkiN0taPXsHz7z/JFB/WLyb7EUf6VnF/PSxReyf0BO8ZcuD1eCgE1h9"
    "EUUw9+mhI2dYRQ5JDFHEgxuFz5LfwMTJs8IoDYFG6iBwqMw1EDj83zfGBtX5Icodj8j6nY"
    "jLr9N9JjjDmCRArIZ4eIeeJ3sfWVN+scLg9CiI8FlGFYoUyXGxKGxKJTChW4sj0OwZ74rm"
    "gp9Q+B+vsMz12Eh754GzKJopVvEzUFtCGO/2DJMdKAOMQunxMdf3VQZdiHxWgOOA4Jk3Rb"
    "gxs7bnRxMUMnNoVOhJ6ve/glKdO6YILXVcjE18Vc4usclSgGmh5by5TMYQuY2uNKTO1xCV"
    "N7nGdq4+mlKr6xQBuP6m49TfYTxTrghsUNtBWgjY0FfQ/DUs74F3T8C5EFkgN8hX8hIddC"
    "cmp/yag8BxmZtOtoOS1qPAxN1rPxMBSvW/vJNRsPw/eo9SoehiyjUJUfyMoZajy7d0rSOV"
    "VRTQkZSMu9DbzguixDjaep8VSnWu1viEe2QXYVstlJsGGeh2WmW7XfIZUJt9TrkC5Z4VSZ"
    "TQU2MnrWB3Ieo5HHZtMuuvK5DNWlASEP5C6aSSp9PqbWGEXZRhH2CApufSW2zFYYpmsNA3"
    "JV58x28s3VTL4h4JtCwD+KP1WHYIvKG4atAsPmU1/vDsVYoH3key1h0smWacCcEWsf2LVc"
    "vRqsHbreurRU264m3767Drz9PU7+zGNcmHk3KbI6/+625uUXdQEc5N89enny6uT18dlJnH"
    "Y3flKWbTdPugcGioBrpjLXC0HNihlgc94MYQU9UX+xDtWdFm0hHba/9Fee9Qy8fT3IrqbJ"
    "1eQlNzDWG7bibokCG7O5qznfp2TWmpcaBuW2Z6YAoA3mJ2UFxiHX5EnKOOSKh9d+umaMQ+"
    "571HoVh1w0YgcLTXskJ2jMkVL30RKv3Tk6monrSj9HrmulHB2iFej20/V1macjd+1aHnNz"
    "5dq3unJtb0Cq018WdimFp2zZ2Yp9ZJNlmQreseiqLhdhlPSuwbmTOTroO2ToQy4c2cZn4M"
    "wakCE4Y9AN9h4DR5X4jpj6/fAqL8iV6FGu9IvV/DVl9pusz1CZBMd4ypriKfOYni8nKr87"
    "T1nn5hICkeuCNcN8VyG+i3nvLO39B6PuWnZ8SrCFZvz+mu353Vo4i+qqOCFmOJgm63dIPW"
    "3nVUpmd06Wl3VNklumMr+FO7BhI2TbkArDlD7JgxZ6uObkjEswCy1QTpqoJkUMoEpA18lV"
    "hs0xon1YMeEKqt66E5Ja2Ez5+WEkkVpjcsrJGXDLwNWfqLKyZrZq8mxFeTKtjt6R8YSgOT"
    "OucWZcQOdQ7qtuMVoF+VJuh4hHNODeAm4CCYpXjv10KZtAgu9R61UCCYLE3dphBBkxE0SQ"
    "mUETji3dAI28qDnia/Kz7jLkJeOV3TDoJXuEdD8hXh39kh+3JmvrjrK2qha03cHazBVsJa"
    "qZJVw7WKveMJsgKkkZZxMHLJUF2iwLrYy0uXMTB7pDyS7qc/JnH06D28TlBFEXLqeSN40m"
    "R7qMdJFXPkG0C/MgcWwno6atfwAS3X6QZ9Hn2HlEB5mp5xCJmp910S1DU1EKTfACyeS1Ax"
    "JUIFoxWCBqv0EfgoXh/t/XaM5mjh1UCJ+jNpL9V/zisdloLPPceguZL1egTf7GlyfiD/iU"
    "ELs7EV/+DJFEDnblvVwenn7uPKse/gMM4++QwHaZs8NyZOKE8FPxTVitCw+SX4J/TvYsJk"
    "jz3M6uvVx7RCKbPAR15iEgXxS0xoN4WsDKh+XbcDC+jK24/PUhRVREGB7cnP/6LEVWXN/d"
    "/hgVT2D+7vruIuexnToLMdVr5wpLiRlKIUMp5FZCjblCKdyGvl3PPeSpvbAPyOnf956WM1"
    "ivxtpkY961o4dTR5nBrRTupZDBWgNrYtP1vCspQRMd0BxfSt6FFhAo6yg5LWm03GQtG/f4"
    "d6HmBvnDzWCubzAbT22du9Zvmt96f4aNcdbugbN215nEm9l9N0gk/q29iufEo9a4o3Aqhm"
    "8Oy3yKeFlmlUuxGNMtJ4YudLQo506FnyVU4GZ+rMY7WYrdVzALaKbOTYi00PVydHpagdcT"
    "pQqJPfkukydTDCoNhMPiLUS3lhTQIdecR/jn+7vbUnpatT2hlo/+iyBwfg/RLgEXwCh3dW"
    "W9WhlbDCq4UBlju1zMvv4PCIj7uQ=="
)
