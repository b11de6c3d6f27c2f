"""Sign-ins sent to providers, and the identities linked to accounts.

Made by aerich from the models.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "linked_identity" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "provider" VARCHAR(16) NOT NULL,
    "issuer" VARCHAR(255) NOT NULL,
    "subject" VARCHAR(255) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "user_id" CHAR(36) NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_linked_iden_issuer_d64dad" UNIQUE ("issuer", "subject"),
    CONSTRAINT "uid_linked_iden_user_id_1f2a48" UNIQUE ("user_id", "provider")
);
        CREATE TABLE "oauth_attempt" (
    "state_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
    "provider" VARCHAR(16) NOT NULL,
    "redirect_uri" VARCHAR(2048) NOT NULL,
    "nonce" VARCHAR(64) NOT NULL,
    "code_challenge" VARCHAR(64) NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "user_id" CHAR(36) REFERENCES "user_account" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_oauth_attem_user_id_90588e" ON "oauth_attempt" ("user_id");
CREATE INDEX "idx_oauth_attem_expires_d89a12" ON "oauth_attempt" ("expires_at");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "linked_identity";
        DROP TABLE "oauth_attempt";"""


MODELS_STATE = (
    "eJztXW1z2za2/isYfalzR9V1/JJkkzt3xkncrreOnY2d2842HQkiIYk1RagEZUXb7X+/54"
    "Av4rsISZQpBh+a2iQOSD8AgXOe84I/O1NuMlv0/sGHndfkz45Dpwx+iF/ukg6dzVYX8YJH"
    "h7Zs93vQYCg8lxoeXBpRWzC4ZDJhuNbMs7iDDe/4lHkTyxkTj5MhIyZ3WI8M3LnTp96AWI"
    "IsJswhlCy4+8BcMqVLckTH1HKeEY8+MGJ5r+GuzahgZMofmYArhDs98h56Ii5fCDLmPXwZ"
    "kxvwNvCoPT937lh/zFnf42N4InPh6b/+Bpctx2RfmQh/nT30RxazzQTclokdyOt9bzmT1z"
    "5/vnr/g2yJf9Owb3B7PnVWrWdLb8KdqPl8bpk9lMF7Y+Ywl3rMjA2IM7ftYNjCS/4bwwXP"
    "nbPoVc3VBZON6NzGYe38z2juGDiaRD4J/zn73+DVYs36/Zvb+/7d5X2/38nMAnyF1AAFlw"
    "zu4AyyHA+B+vMvv98VIPJqBx/w7u8Xn45OXzyTEHDhjV15U8LV+UsKUo/6ohL0Fcry/xmc"
    "302om49z2D6FNLzoJhiHF1Ygrz6VEL4QoBog7Uzp177NnLE3gV9fnJVA/H8XnyTKL84kyh"
    "y+bP9rvwnunMhbCPYK3Bld2pzmzON/3N3e5OMbE0lBbFqGR/5DbEt4Bwh1CbQIBvY8FeIP"
    "Ow7p0YeLX9Jov7u+fZue5tjB2xT0wcLzwJYqszsptdEcD1aJpuCenOIn5+cV5ji0Kpzk8l"
    "4San/fyML8HkDyrCnLh3ollZ7ngVgv/KFds/3+6sPl3f3Fh4+JKf/+4v4S75zIq8vU1aMX"
    "qfGIOiE/X93/neCv5F+3N5fpLyNqd/+vDr4TnXu87/BFn5pxTMLL4aXE8FLPY9OZJ7IDfD"
    "eltn3lePkDHJdLDTHAVNegHtf1HY3xDb4/PXn54hXclS+Iv7wsGeq7DxfX11c396nvRepN"
    "fTX1Ji6zhZLTsMVpG5UmhicVXp+5LndVlvqkVPuW+vPj4wpLPbQqXOrlvSTUJqPmBmt9TG"
    "wHi33DYG/TWm+4DHHfYIiTknpLb9wwo509eojZgHhhSI2HBXXNfuYOP+FFbbO3pifT9BXq"
    "0LEcJEQT3zNgT675+HLGjUknh1mJ7nXL6BWbj/ssaraWZLn1GQkkLFzqmHwKbzQdMpe4MP"
    "8WzAy5Dvzz5jMkPwBoj7vM7BLBiTehHnE4YdS1LZAy5q7gLjYbc24S6izJFBpnSZY9PnfH"
    "JEu5Wperg2yo0K2nWOrcLrfV6IpJlUdqz3NYlbfWuBDWSGR/qnL92P7t5OT09OXJ8emLV+"
    "dnL1+evzqOkM7eKsP97dWPiHpiwfSHoUHL2iNzvKJlTd4rXdZY1KTSkhbwt7hKTKBTmB4m"
    "fD4TRrhjL30K1oCFA8aDUBeacxsWjSGfez1yD60e2BLXkqMZdT0L++0S2GTkT8/y17K6H7"
    "h+EfsV1XJGp6EZFIh3fitc3aImSp9iXKo969wevsWyJTEad9X9JiHYpsVxF1SCR8dqczsQ"
    "aBOOe5nYK8gTa1BV+ia5cO3QSdVco0iBwHmAt1ehbsL2LfRBnVUhbc6KOZuzDGWjfVBP5o"
    "OaWKbJnP7I5VMV+FNiWw3B4XBltYyA5rM2GQrNZykZfh8jDTXf+PsY12DLea2EsrveEETD"
    "ijkm4SPCqDHB/6NF9vwFiToSPTIApa8/ZCPuMhncg03gkm/L4c0BcdnMpgZST9BKNhDwZx"
    "Bp55lZe3CPz92C22qSydEEC7AOpmvC8lSLMgsklNAmyMYmiLb6ngLyYClTRj4mpwdg4wEY"
    "2TzPv1+GfSSiYT9ESv0DQ3eZmFizPL0qdrdUq5om261VqS4cAogz95Ha8ANZTCzQbyiZQR"
    "/cIYIxAb/B0DzCBYpC3wnisztdMuTeBPUiAZKGPTeZ+QY0nO9/55aD3DkHpQakHY6KTFap"
    "2uuTq7Dtc8FcpKyK+XUdor2PEG3NOO6ccQyntgKgMRENZ4ZjbI6l1YxtehfOHSQA+5u5MD"
    "OibcJ236o/33AQUoIbDUHD+NtvTgm9MAw+d7z3zGZFDF+6Sak6Sv3GMDKx1lWU0kDQJ8+Q"
    "TJOZezB1BLJncGHIUNPzL5CjgfBgaZX89eAZ4S5ZUAFX/dvyogzecCTn5jKDu5LNs7xcvX"
    "SvD9+C8WvOtv6kfF89auiUCQEfSU4eSLGnNi7TQm/t8xcVvLXP056RlbcWb6VyqRj8mWIz"
    "l1VaVjutGue0SgSSGBNmzm0YrlEes1U+1hlhPdjNHuxoR1Qe6YSkTp9p8ihHGo7qICcE9R"
    "g3bYy3MkaS6ml2Ztw67J7DP3JmXAFu1DHyvEWBufE56OQQNdLV1dXzXbqINPm4Ng5/uTSS"
    "fA3z4u7dxfvLzl+7s+zgg6SXX2fczY3Zj93tltlzUltmq4brTTli8NkSzR3Bp2zIzeV3gm"
    "AvvnEFFs+SUPEAZhRs7Jg89G9rhu6AgXySabn/7T9NDLoE39kkw6W0oyywxMBGs2ysxQJt"
    "LJjzOcbc3h+v4mnoJuKuoBmG/MOvsp+ZGd1oh0MCZlXPwBwuw+bGQ89hC8Dg4HwTwfBUtQ"
    "gjAW0OVjAHA29eHz40i+awj5zbjDoFszstm0J8CMJ1QR5d2e9Efnt7e53QI95epcjFm88f"
    "3l7CIMgxgEaWV8D6CuvfrD9cenl8Rxnpm5TTnO+mrHuwhWyiSycktTLdNGVax2dX++zgDz"
    "RvHXsZzMADGfbgYykd9ZgqpzjqSUk96k0Z9ZyPPXj7JjpnmruAr9HEMzzEOm7hBzAvrLHz"
    "E1vWzC40A9Id8wt78zK/Z4+WwTp5PIR/p1vKQazaVCodYOEsgKGURigfYVShTNzvkYFfom"
    "RAjp73es9PXj5D367lCeI/Aox85ALQ3L+DWUVtMnO5x+F7zS8ZUNeDciiFX6MPIP5QGb2I"
    "LEJ403+sTyC0rgZtG/iEYIAyoJeHka2k2hTntIsYsvTXkAG2mKnJEW0jZ3Pyqgppc/KqmL"
    "XBe0nUdVHlFb6VyhA+LylD+DxbhnAGs3LE3Zys6mKM4zJtxHnn3KMskCkY26S4b1q2hZba"
    "4VpmmoZpv0GuaZhvcdQ1DaNpmAZAWicNE/PQMSGw0ESOfy6Q/OGnT8y3X4qRvvN7aRHYf9"
    "XPVF1bzkOnkK2Sd7vrGau+HTasEDXjsEVIDslIlQVFushPRMB+/EiUf34iBjyuR+4YaCZB"
    "KUq/qi6hgkyomDDxhgxWPkJZmQTpiCEeZiT3rQyXtfenV6qF6U/ciOKKuT11fExj+Kw/3D"
    "4Ou4qhGhNpoZ26+0OWhPzYlGFOiWmoK0Ct2UTNJmo2MS3TRpx3H8k4QxsVNk6l/MGkVPsO"
    "6TmrchzbWfFpbGeZw9gOISC38/PF1f3VzY91qXJ1z+WZyx8tVL7xJTJQ37OvRdUuUnJtmM"
    "9lzNjlL/cJUixT0TUixq5vb34Mm6fLvDY2LrRpS/jhkpTaI9F+brqKRyLGaWRGvaTUVUJK"
    "n45YSlCLFd+5JUddnTltJq5rWerkvGpSvOC1pByvTOZ4lrfs5JWdTrbolhaelm3hz4w1rs"
    "DIBoUJqYdFClGzMZnbRRrUEmLOXEIdk4j58HdmeOTIYY9wCW6y76fUsp91yWLC5cHyAiad"
    "DPbjIBFWmsnjYGt/Xm5Yod853g76TgYUhi+iQwobS8FGQ6RgFMVltHlfxbyPPpPKpn0k0U"
    "KAazlnPVyAFECOiWiUq6GsLY9i9NtreeioGB0V89T2RkOTkz6A/nzPH1hu8cvVzVITA3Vw"
    "UKzDdpUOtkHPrJ81JAUJ9sFkXhCVMRevsdIIKmrMP1omcBR0seCkLaMvZNjGjAqxwAqTQ0"
    "aMCRfM6ZHPWKaSw1zLP9pmb09WrI0ym7vw3TGFeA/5/squ8aTUbhSHpz0Apxa/eInJEQyU"
    "isWxEmmhprZ7g4PJJeWBLVVATgi1EOZaFGLtcdlEWWqSAqw9Ltru0XaPtnu03aNi99xezL"
    "3Jheex6Sy3RGTifqn1w+ETnMDyuGpawb2CforvLTz4CQvv85jT4zVZYAz6dC48YvApI/j3"
    "koXlTcAu6frWBRkEqMoIc/R9oOECJoo1kj1LcybPy7KvxyodQFXZ3pHBTOqhwAkpbe+o2z"
    "vaxbKPowFM+AAMrz93LRWg03ItBPvk+KxK3DU2K7Z85M1U5DUP9uXKodc8fyNvA8i7TyfA"
    "ZKm+MaE2PkMJ56ykBrwC4NqUX6esNt2mq2TKP5lR18xAr0O26ZqJ6MGadA67h+XpHfzWyb"
    "PoYre7pQadA5YLtOwbYdNKHi0QA3vokcksYelgcogfdQfv75IjP1YNvUiXvecvzrrE4e6U"
    "2pZg5rMewR6koOUJZo/QwFrlFlPywJbwIxox+U6tfT68inFXMV85fEEV7SAp1Tp7bocsf7"
    "FJJzUsVUM6IaQ1sgoaWUAK5STFlVc8jMvtr+bhcV0o767gIfJWm5yytRLTym2jlVttw7R2"
    "mDNa99NoiR9d65EayzvmeYC2yNMU001KtcWZ37gv4q3XKow/T/xMBz/rQYYVcVSmQPFiTC"
    "Y7mLxHbjhx+UIep0uC+SRQuRsEDw3fdNBFRW0E2h0mRizx4CfMpBhZrshJttjzs/WJv83M"
    "nIiqeKrogAmhFuqAuyf2uWNbYFCiF2quVB0hI6jhrpa9P7Js1p9NuMcVPVZJQQ13BbiHlh"
    "LIQXMNbSWPIDX7LjOYlWtBlp4Ol5Hd4+lwT7MR7vBwOOgYXqIPf6NlUI+7quDnyusBqD4A"
    "iwnvG9TpT5kQVM11mCOqF5sKi02IG9hwoKn3xy6fz5S0lcIONPwK8BvUtjdBPZTTYFcA27"
    "SEwcFWxT+/P1yixufkLDKla3xhH3qdr77Op0GUCRxbDkTUhx6I6gOhzwooXowOMzsgh4WN"
    "qodvTMKuC5NADzuHf2oOfG8CF7fjGImtGO1PTK6Ay6LAh8T9bhmX7QYtFSIfLvzAAVk3HQ"
    "fcFJhJi3SwzJ2dw7+O59tBQRA5fkzyNMBVWMEq4OANoWTuZ9EyWT1dAmfmxbLv7blKweyF"
    "XHZTXO4NCnWoP3S9OQ6E5uoRhxIs11BIDzVa7hMbwUBPCms/JO6v2TVky00rQDBqTEjQR1"
    "CSgZKgOh82gv/MHrlYLc8Gn8K4+AlKdOQxf8kfwxMZYbgR4K9BB+UlIOp/dG1nfejaD0+1"
    "oWxkJold2kjNDBs+QJNIxx99o8OsyyEUr6iHSXgcQAHqpo10LTbBU1SgbiiwB1yCOsQ+xy"
    "6IDUuxSRCbBVWrITATCxP4x/D1yCWMnBlq0v5Rew9s5slwRMtN6uzCr1owZAT5q7GDSS1k"
    "MQFl3mWoeBUVQqj5iYrl3xg+X+r8aAMEZyjq4/+eeqkrMwb0qUf7OfVIfiWwUDlK1ZGTUu"
    "3DuZZycDK+d0MjNy3bQuX4QJRhberqYY6GOdQrVAc5Jqc5q4aPcB+MdpFndZVUS01ItW97"
    "PD2psDuenhRujnhLnx2gSSMdG9W2US+KjUqEJkb2d2bQi03qhJAmCvOsOB2LoWMxmhyLkV"
    "0DdgDq+6ijlsKaWPhUeewY+YDVZLN4vw3EfvjpE7OpZ+VqrAmo8XzEw9Nfi9BOJqdJ/nk7"
    "kNKhPS2ZlX/V6hGBL/7KeRcVpczzjKSadEs9JNC4bznJMpcqlaNl5OuCYkArRr3i/wUDTE"
    "wQNTzudmUlB796A34TeKqNJduWFYbestd66j5rx0YtqlmxYwOG3GWeeqXtpFgLk9F2XyLM"
    "Qu3B9lfsXO24xJGUFW0h5M9PqhR/hlbFGYAn2dLPdKpW+Tlo30Z8j4+r4Ht8XIwv3ktV4Y"
    "BZCXvCVAXjuEwbcd55HquuLtjZbXVB7RHbRM9oOLWXw+hqIkoTUfVCeqhJQfcL/oO08zo5"
    "9u3qZrfMsvUW8AKrdhVMWr8S4XcilbbpmxNd+D/FA1rlWUR+fo37yNzvZCLnGzRADT53sD"
    "ihE9mjgP/IcqfM7JFLzPGRuaIL7vr0Usr23efjv8gzRF4T0HUYJqYyzDF6ZISSiTUGi5kM"
    "/Ap7HpsNdPXERpvIOCv6/iRRM5JTgi3UdesLTcMPI4f8tMaF2m5CrDXq7t9OTk5PX54cn7"
    "54dX728uX5q+NI+c3eKlOF3179iIpwYhiymnG0oG0S/JCS1cFETVaOdZBL8ad3mOEORUEu"
    "uhRMI3X9rfR3iWOO6h7iW6y1+9HyhtRl1fT2Hhn8F566PiD+WuDnzqCmvDpjBh1EU+F7l8"
    "LUGX8QyZHNF6D3GlSwN/7hNM/yHFS1PmsLJVv7pvaseONEVaXv4zItVLfPqzD458UE/nmG"
    "vw8Bw29tE6BDudZVmNg91AVFD0sCtwsqHLYgZrsWu1HipTqRE0I7AbpBk7hGmB+Zi0ez5W"
    "yKpVU8s8J7LN8ZXTnY+p2y+mzfmU+Hiqd0p+RaN9GrrNYnxav1SdaxLRHbcJZnhfUsV5nl"
    "VIgFBxNJNS4pI6h3zkpLummJmU2XfVV1Oy3XQpW7lqiZPR6m0ujJfF4J3PMScM+z4I4xoV"
    "Vpd1xJ7G8Cdz7f3H28fHf1w9Xl+7rs8toProEtUAXnsP0+Ub67/HSo8DqMmaIfHlclmDfP"
    "84iV6SEFPexRGQlVwoPVRYL60Bu4SZKS2hmmnWHaGfb0zjCd8d3mUc/52FVPw4gt/eiZYF"
    "9n3M09lk8lWRF6upQdHeBUqJSt6CeJ7SSns60QWSaGHHrWtihhziszr/zelm1FS/LEu8iB"
    "/QAdtS4BNnHuMEaz9otzRFTAur2Avi78rg5WIy2HK3H0zdb51ckDd9o4vcJCqdsh1b4av0"
    "n7IUzu3hambGZ5G+FCjn5LpDDQ6Wfopq0QTRCYMMpiB1hhN3/ndmvxGmKgE1hkwxzvvwpW"
    "b7GfVoO05WRqNUBw12EyhG4X6sG7qLc2Kwhw16PGtprnO7+XloPU5yMNU6lyDu8qPNEHLZ"
    "1Zj7mBF+poffJ7bT1oIrdwugYs8zEGnD20AutNSEy2X76irlpqOFMT60RPGcaQbcvJsDAQ"
    "rYU4BQhNrNm+UDrIjxCsGkG3Npg/+L20aCopZf2n/NS55zGFcIaZWutBvfCzg97HumwJuI"
    "koQ9d6pMYSwyI86KxkIlZH7qPf512syxYilyz8sC1miWoTLUFrg2w+SWYVZPSFRNearL5F"
    "2KxCSh+29VPnaJBy55d3nDsmGS5f+yfm8pFfAdIP8yT4ZrIsZHA9pKe6RKbbfY/pdmZXFt"
    "Dgc+jYMEAhFXlJfnt8+hfni3PrkI++E/nun9dkgE8fyGN/sR+DB6X1yJfOuy/wsoJHr+ay"
    "kfUVX40SlzpjFj5bzjcCIkPuTQhzxpbDRFGG4a9R6qwcoN9SGYe/dsJxW3+2fF4SYllNhN"
    "w0xJxiCMF3VaZTPG20/x6LIRRnJIbjVDXeMWyvw6KrhUU3p45NM/aVDRJqdb0uxa26exj1"
    "uhIunAItIe7iKdcUZObuJGxaQVsIhWBvnLIhN5dkjMWs5rPXBAwFy8ZN0YH90F7iT0tiUM"
    "cvd2XBNjoGuPOUgN10qlyJWvZdssfqlOiaU6JLUv7l0GQwXxOLGQq1MAzzcMMuc6Jt9e6u"
    "d3e9u+ft7r5PPWdbj5ztxfv5MGqydh8f+EES7oAsKBaydMB4BVTJyOVTEtw0Bz1yw+VuPA"
    "QrGo3dQArNYPYI//dAccju57vuPNeQDlrj/aDHHHM6DAVRtqR1OZ8ay/noFJtiNeswky2q"
    "pNjEvkWFzy0ppbf+dPq4vwpuBKrWp6rpU7GdRqtUZSpVclqtP2wv3Lc1sJWANRuorqbiGn"
    "P01mzkY7ECm4q5rEpJyVLr0k8TdCDIYsKlDikM6ghkiWQp9wEq/YOuLNveI7jNytPOsEQM"
    "ap3Cg3mXo8/W8oR6jk3DF1WulZMQah1Xtavzu4r1WX2GzCYbcpP010qslTZbir+49potmq"
    "vUXOVT638N5SrDDIR8rS9MTihV96JG6xlLqVkReV4tI/D9whwTZMj5A0biDPgCRn7wGo/X"
    "+V5YJh7D82HuzamNape34MTli5z4o530inFFA5dN+aNc46E9diZliYddgXaIcUiLiWUHNC"
    "fSodgoLHF+Dz9DX6Ag0qVY+TyX8KNsvwpFWuA/cOuLE1gFYdSUYEyQI0v4L/iMmJxJ6pUY"
    "E4xXegOvEnsv/9CiMfxhxRSrbCnv4ueVZVc3C1LS1GqN1KpjGQ/KB53GZNpXWLCW8CRL9E"
    "f0kbtYKyyDdGkdtpSkLgarUIDNTztRV7/jci1Uvg9E2a5kY612UdVBTkrqGntNHmVtSRdv"
    "Xi22pHWNvZaNes7Hnq1JhUaEIoESl9EMig6N3yMhFdm8mpEqY6TiX+h6R69m+Q6f5QsLQR"
    "STfbFSEWs5v74ba7yW+0N2jDuMBEJIzVEyo5aLP80Yn9kgFDpkqUBSDI8AfoM/I9MmUwQI"
    "nzHHz/MTmGrg8kWWD6ztSZIjBON/YoEx6gxeS48xFQQLdRCPdwl34XcwfeVZht1VIgQ8zK"
    "cMgw7lAQUBYcgMa2ZhB458H5tRF54Lb2p5XaT+vuB1h9ARHjweMInwlm9iPfm0IY3+YMkx"
    "Wj5xSB2xYCr+ar/LYA7D1+xzHBIm6bZGN3b00sXNNJ3YFDoRZ75q8ktcpnXBBK+qkImvir"
    "nEVxkqET40NbaW5zKHLWBqTysxtaclTO1plqmNlpeq+EYCbUzV3fnBJI8WVQE3aK6hrQBt"
    "pCyoexhWctq/oOJfCDWQDOBr/AsxuRaSU4dLRmU5yFCl3WSUk6Law9DkcdYehuJ96zC5Zu"
    "1h+BZHvYqHIc0oVOUH0nKaGk/bTnE6pyqqCSENabm3QRQcUKqp8SQ1nphU6/0N0ZetkV2H"
    "bHoRbJjnYVVJOd/vkKi0XOp1SLaskFVmWoCNjJ71kJynZOzy+axHrjwhQ3Utn5BHcpfMJZ"
    "W+mFjGhITVbAl1GfxFWLiXmbJaYVAOOAjIzcsz28sz1zP5moBvCgH/AH+qCsEWttcMWwWG"
    "zbM8tVOrI4H2ke+1hEnH30wB5pRY+8Cu5bB7f+9Q9dYlpXYCdavddejt7wv2Rxbjwsq7cZ"
    "H19Xd3tS4f1wWwX3/35PnZy7NXpy/OorK70ZWyartZ0t1XUPqyzLwCqGkxDWzGmwFa0KPl"
    "LTehupOiLaTDDpf+yrKevrevj9XVFLmarOQWynrDdtwdUWATvnAU1/uEzEbrUsOg3PXK5A"
    "O0xfqU24F2yDV5kdIOueLP6zBdM9oh9y2OehWHXPjFDpeK+khGUKsjpe6jFV77c3Q0E9e1"
    "fo7M1Eo4OuAtyM3n6+syT0fmWL8s5vpIv6c60u9gQKrTXxZMqRxP2WqyFfvIpqs2Fbxj4V"
    "FdDqEk7l3DvJMFORrYbORhLRz5js/QmTVkI3TGkA/UffAdVfAcWPq94CgvrJXoWiLXL1bz"
    "03Kr36R9hrlFcLSnrCmeMper+XLC9vvzlHU+XGIgcl2wppjvKsR3Me+dpr1/55azkR6fEG"
    "yhGn+4anvWWgtWUdUhjolpDqbJ4zuyXGXnVUJmf06W53UtkjumMp/CHdiwL2TXkIJiaj3K"
    "RAs1XDNy2iWYhhYpJ0VU4yIa0FxAN6lVRnUa0SHsmHgEVX/TBSlfWC/52c9IIrXB4pSR0+"
    "CWgau+UKVl9WrV5NXKEvGyOmop4zFBnTOukDMehNDMHfxKFJaujJxWrtLQwqy0LYF/u/Js"
    "XsntcTKHDOvBzmUdo1E8tw/TW69jNL7FUa8So+HXRFeO0EiJ6fiM1Aoa8xmqxr5kRXX2tC"
    "59u89oopTDe8t4onR27mFCvD6wKPvd6oK4eyqIm7eh7Q/WZu5ga1FNbeHKcXD1RjD5AV+5"
    "IUxRLFhZDNOq0dogplsnlisfSPbIQLA/BphoD+a5YMRy8NwveYhr/EuXQUTyNC0MJOIu1u"
    "TtpIZp5w/AGsIfZZr/gtoP5Ci19HQJ9PysR244mUErMqVLIusCD5nfAbzFcEks8zX56G8M"
    "d/+8Jgs+t02/Q3ycZRI5f+EXl8/HE1lC2F3KUsSANvtOrIoNHIkZY2ZvCk/+gkFaNnXkkW"
    "cunX3pPKseWYXk7W9YG3hVDsWwZU2K4FHRIWOti7yST8J/zg4s3EoxJWrfDsQD4ud1iYc6"
    "Szywrzm0xj1cLXB4BO3bUHOgjK24/OU+QVSEGB59uPjlWYKsuL69+TFsHsP83fXt24wzfG"
    "YvYalXLsOWENOUQopSyOyECmtFrnAb5nY9R7wnbGEPkZtQMVECPCWnsV6PtS50vW9Hj7Ds"
    "3OJ4pXCvhDTWClgz09rMu5IQ1IEXzfGlZF1oPoGyySAnJfUoN3mUtXv8mxjmBvnD9cdc38"
    "esPbV1Wq1PWjr8cD4b7aw9AGftvou0N3P6blGj/am9ihfMtYxJJ8epGNzplvkU6arNOpdi"
    "MaY7rrld6GjJXTtz/CzBAG7nx2q8k6XYfYWrgGJV4phIC10vJ+fnFXg9aFVI7Ml7qRKk8F"
    "EpIBw0byG6tVTXDrjmLML/uLu9KaWn88wTy/DIfwgGzh8g2iXgIhjlrq60Vyuli2EHb/OU"
    "sX1uZn/9P0Lz/7A="
)
